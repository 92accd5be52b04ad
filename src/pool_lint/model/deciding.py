"""Tests: what they evaluate, and what is known where they hold and where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.conditions import answering, closed_if
from pool_lint.model.states import LOST_CONDITION, State, meet
from pool_lint.model.values import SESSION, Const, Given, Origin, Resource, Value
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from pool_lint.model.paths import Paths
    from pool_lint.model.states import Narrow

# The states in which a test holds and in which it does not; None where it never does.
Ways = tuple["State | None", "State | None"]

_TYPING = ("typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING")
# Of these a session's condition says nothing: who asks them knows better.
_ASKS = frozenset(("in_transaction", "in_nested_transaction", "is_active"))
_LITERALS = frozenset((cst.Integer, cst.Float, cst.SimpleString))
_WORDS: dict[str, object] = {"True": True, "False": False, "None": None}
_SAME = (cst.Is, cst.Equal)
_DIFFERENT = (cst.IsNot, cst.NotEqual)


def decide(flow: Paths, node: cst.BaseExpression) -> Ways:
    """Evaluate a test, and part the paths.

    Args:
        flow: the function; its state is used up.
        node: the test.
    """
    turned = False
    while isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        node, turned = node.expression, not turned
    if turned:
        yes, no = decide(flow, node)
        return no, yes
    if isinstance(node, cst.BooleanOperation):
        return _several(flow, node)
    return parted(flow, node, flow.used(node, "truth"))


def parted(flow: Paths, node: cst.BaseExpression, value: Value) -> Ways:
    """Part the paths by a test that has been evaluated to ``value``."""
    if not flow.reached:
        return None, None
    truth = _truth(flow, node, value)
    if truth is None:
        truth = flow.assumed(node)
    if truth is not None:
        return (flow.state, None) if truth else (None, flow.state)
    return _refined(flow, node)


def operands(node: cst.BooleanOperation) -> list[cst.BaseExpression]:
    """``a``, ``b`` and ``c`` of ``a or b or c``, which is ``(a or b) or c``."""
    found: list[cst.BaseExpression] = []
    kind, current = type(node.operator), node.left
    found.append(node.right)
    while isinstance(current, cst.BooleanOperation) and isinstance(current.operator, kind):
        found.append(current.right)
        current = current.left
    found.append(current)
    found.reverse()
    return found


def _several(flow: Paths, node: cst.BooleanOperation) -> Ways:
    """``a and b`` holds where all hold, ``a or b`` fails where all fail."""
    is_and = isinstance(node.operator, cst.And)
    left: State | None = None
    for operand in operands(node):
        yes, no = decide(flow, operand)
        left = meet(left, no if is_and else yes)
        flow.resume(yes if is_and else no)
        if not flow.reached:
            break
    last = flow.state if flow.reached else None
    return (last, left) if is_and else (left, last)


def _truth(flow: Paths, node: cst.BaseExpression, value: Value) -> bool | None:
    """The truth of a test that is the same on every path, as far as the function itself tells."""
    # Comparing types is much cheaper than asking libcst's, which are abstract.
    if type(node) in _LITERALS:
        return bool(value.value) if isinstance(value, Const) else None
    if type(node) is cst.Tuple or type(node) is cst.List or type(node) is cst.Dict:
        return bool(node.elements) or None
    if isinstance(value, Origin) and value.path in _TYPING:
        return False
    if type(node) is cst.Name:
        if node.value in _WORDS:
            return node.value == "True"
        own = flow.state.env.get(node.value)
        if isinstance(own, Given):
            return bool(own.value)
        return False if node.value == "TYPE_CHECKING" else None
    if type(node) is cst.Comparison and len(node.comparisons) == 1:
        return _compared(flow, node)
    return None


def _compared(flow: Paths, node: cst.Comparison) -> bool | None:
    """``name == 1`` and ``name is None``, where the function itself has given the name a value."""
    own = flow.state.env.get(node.left.value) if isinstance(node.left, cst.Name) else None
    target = node.comparisons[0]
    other, operator = target.comparator, target.operator
    if not isinstance(own, Given):
        return None
    if isinstance(other, cst.Name) and other.value in _WORDS:
        word = _WORDS[other.value]
        if isinstance(operator, (cst.Is, cst.IsNot)):
            return (own.value is word) is isinstance(operator, cst.Is)
    elif isinstance(other, (cst.Integer, cst.SimpleString)):
        known = flow.value(other)
        word = known.value if isinstance(known, Const) else own
    else:
        return None
    if isinstance(operator, (cst.Equal, cst.NotEqual)) and word is not own:
        return (own.value == word) is isinstance(operator, cst.Equal)
    return None


def _refined(flow: Paths, node: cst.BaseExpression) -> Ways:
    """What a test tells of the session or connection that it asks, or that it looks for."""
    there = _looked_for(node)
    if there is not None:
        name, is_there = there
        with_it, without = flow.state, flow.state.copy()
        value = flow.state.env.get(name)
        if isinstance(value, Resource) and id(value.site) in flow.local:
            # Where it is None, it was never made.
            without.conditions.drop(id(value.site))
            without.bind(name, Given(None))
        return (with_it, without) if is_there else (without, with_it)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and not node.args:
        subject = flow.callee_value(node.func.value)
        if isinstance(subject, Resource) and node.func.attr.value == "in_transaction":
            return _split(flow, subject, answering)
        if isinstance(subject, Resource) and node.func.attr.value == "is_closed":
            return _split(flow, subject, closed_if)
    if isinstance(node, cst.Attribute) and node.attr.value == "closed":
        subject = flow.callee_value(node.value)
        if isinstance(subject, Resource) and subject.kind != SESSION:
            return _split(flow, subject, closed_if)
    _forget(flow, node)
    return flow.state, flow.state.copy()


def _looked_for(node: cst.BaseExpression) -> tuple[str, bool] | None:
    """The name that a test looks for, and whether it holds where there is something under it."""
    if isinstance(node, cst.NamedExpr):
        node = node.target
    if isinstance(node, cst.Name):
        return node.value, True
    if isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
        left = node.left.target if isinstance(node.left, cst.NamedExpr) else node.left
        target = node.comparisons[0]
        is_none = isinstance(target.comparator, cst.Name) and target.comparator.value == "None"
        if is_none and isinstance(left, cst.Name):
            if isinstance(target.operator, _SAME):
                return left.value, False
            if isinstance(target.operator, _DIFFERENT):
                return left.value, True
    return None


def _split(flow: Paths, subject: Resource, narrow: Narrow) -> Ways:
    site = id(subject.site)
    flow.resources[site] = subject
    before = flow.state.condition(site)
    found: list[State | None] = []
    for answer in (True, False):
        after = before.narrowed(subject.kind, narrow, answer)
        state = flow.state.copy() if after is not None else None
        if state is not None and after is not None and after != before:
            state.put(site, after)
        found.append(state)
    return found[0], found[1]


def _forget(flow: Paths, node: cst.BaseExpression) -> None:
    for inner in walk(node):
        if type(inner) is cst.Attribute and inner.attr.value in _ASKS:
            subject = flow.callee_value(inner.value)
            if isinstance(subject, Resource):
                flow.state.put(id(subject.site), LOST_CONDITION)
