"""Tests that have the same result wherever they stand: followed once for each result.

``if own: session = Session()`` … ``if own: session.close()`` closes what it has opened.  Where two
paths meet, the conditions of both are all that is left of them; so the whole function is followed
once for the paths on which the test holds, and once for those on which it does not.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.syntax.walk import children, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import FunctionInfo

# What is taken for granted: the truth of tests, by their identity.
Assumption = dict[int, bool]
# What is asked of a name, and which answer each test wants.
_Question = tuple[str, str]

# Every question doubles the time.
_QUESTIONS = 2
_CANDIDATES = 8
_LOOPS = (cst.For, cst.While)
_WORDS = frozenset(("True", "False", "None"))
_CALLING = frozenset((cst.Call, cst.Raise, cst.Return))
# What an ``if`` statement of the same function may stand in.
_AROUND = frozenset(
    (cst.IndentedBlock, cst.If, cst.Else, cst.For, cst.While, cst.Try, cst.TryStar,
     cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally, cst.With, cst.Match, cst.MatchCase)
)  # fmt: skip


def assumptions(info: FunctionInfo, lookup: Lookup) -> list[Assumption]:
    """What to take for granted, each time a function is followed.

    Args:
        info: the function.
        lookup: the names of its module.
    """
    tests = list(_ifs(info.node.body))
    if len(tests) < 2:
        return [{}]
    chosen = _repeated(tests, info) or _telling(tests, info, lookup)
    chosen = chosen[:_QUESTIONS]
    return [
        {test: wanted is answer for tests, answer in zip(chosen, answers, strict=True)
         for test, wanted in tests.items()}
        for answers in product((True, False), repeat=len(chosen))
    ]  # fmt: skip


def _ifs(body: cst.CSTNode) -> Iterator[cst.If]:
    """The ``if`` statements of a function, in order, without those of functions in it."""
    stack = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.If):
            yield node
        if type(node) in _AROUND:
            stack += [child for child in reversed(children(node)) if type(child) in _AROUND]


def _repeated(tests: list[cst.If], info: FunctionInfo) -> list[dict[int, bool]]:
    """What several tests ask of a name that never changes."""
    asked: dict[_Question, dict[int, bool]] = {}
    for test in tests:
        for leaf in _leaves(test.test):
            question = _question(leaf)
            if question is not None and _calls(test):
                asked.setdefault(question[0], {})[id(leaf)] = question[1]
    repeated = [question for question, found in asked.items() if len(found) > 1]
    return [asked[question] for question in repeated[:_CANDIDATES] if _is_steady(question, info)]


def _telling(tests: list[cst.If], info: FunctionInfo, lookup: Lookup) -> list[dict[int, bool]]:
    """Tests that set a flag for later ones: ``if session is None: own = True``."""
    later = {q[0][1] for test in tests[1:] for leaf in _leaves(test.test) if (q := _question(leaf))}
    found: list[dict[int, bool]] = []
    for test in tests[:-1]:
        flags = _flags(test.body)
        if isinstance(test.orelse, cst.Else):
            flags |= _flags(test.orelse.body)
        if not flags & later or isinstance(test.test, cst.BooleanOperation):
            continue
        if not lookup.names.enclosing(test, *_LOOPS, cst.FunctionDef) is info.node:
            continue
        found.extend({id(leaf): True} for leaf in _leaves(test.test))
    return found


def _flags(body: cst.BaseSuite) -> set[str]:
    """The names that a suite sets to True, False or None."""
    return {
        target.target.value
        for line in body.body
        if isinstance(line, cst.SimpleStatementLine)
        for small in line.body
        if isinstance(small, cst.Assign) and isinstance(small.value, cst.Name)
        if small.value.value in _WORDS
        for target in small.targets
        if isinstance(target.target, cst.Name)
    }


def _leaves(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """What a test consists of, without ``and``, ``or`` and ``not``."""
    stack = [test]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.BooleanOperation):
            stack += (node.right, node.left)
        elif isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
            stack.append(node.expression)
        else:
            yield node


def _question(leaf: cst.BaseExpression) -> tuple[_Question, bool] | None:
    if isinstance(leaf, cst.Name):
        return None if leaf.value in _WORDS else (("true", leaf.value), True)
    if isinstance(leaf, cst.Comparison) and len(leaf.comparisons) == 1:
        target = leaf.comparisons[0]
        other = target.comparator
        is_none = isinstance(other, cst.Name) and other.value == "None"
        is_none = is_none and isinstance(target.operator, (cst.Is, cst.IsNot))
        if is_none and isinstance(leaf.left, cst.Name):
            return ("none", leaf.left.value), isinstance(target.operator, cst.Is)
    return None


def _calls(test: cst.If) -> bool:
    return any(type(node) in _CALLING for node in walk(test.body))


def _is_steady(question: _Question, info: FunctionInfo) -> bool:
    """Whether a name answers a question the same from one end of a function to the other."""
    kind, word = question
    bindings = info.scope.names.get(word, ())
    if len(bindings) != 1 or bindings[0].kind not in ("parameter", "assign"):
        return False
    names = info.names
    if word in info.scope.foreign or any(word in inner.scope.foreign for inner in info.inner):
        return False
    if bindings[0].kind == "assign" and names.enclosing(
        bindings[0].node, *_LOOPS, cst.FunctionDef
    ) is not info.node:  # fmt: skip
        return False
    # What can be asked for more than its truth can be filled as well: a list, a mapping.
    return kind == "none" or not any(
        (type(node) is cst.Attribute or type(node) is cst.Subscript)
        and type(node.value) is cst.Name
        and node.value.value == word
        for node in walk(info.node.body)
    )
