"""What the answer of a function, or what it raises, tells of the sessions that it was given.

``if await publish(db): await client.post(url)`` comes to the call on those paths of ``publish()``
alone that answer with something true.  The condition of the session behind a call is that of all
its paths together; here it is asked which of them lead to a place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from pool_lint.knowledge import failures
from pool_lint.knowledge.leaving import EVERYTHING
from pool_lint.model.catching import caught_by
from pool_lint.model.leading import tests_leading_to
from pool_lint.syntax.walk import last_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pool_lint.model.flow import Flow
    from pool_lint.model.values import Resource

NONE, FALSE, TRUE, ANY = "none", "false", "true", "any"
# What a name stands for: where a function says ``return None`` elsewhere, it has looked before.
THERE = "there"
# The answers that pass a test, by what it asks and whether it holds.
_PASS = {
    ("truth", True): (TRUE, THERE, ANY),
    ("truth", False): (NONE, FALSE, THERE, ANY),
    ("none", True): (NONE, THERE, ANY),
    ("none", False): (FALSE, TRUE, THERE, ANY),
}
_FUNCTIONS = (cst.FunctionDef, cst.Lambda, cst.ClassDef)


class Outcome(NamedTuple):
    """One way in which a function that was called may have returned.

    Attributes:
        answer: what it returns then.
        holds: whether a connection may be held then that the function was given.
        free: whether none is, whatever the caller has left.
    """

    answer: cst.BaseExpression | None
    holds: bool
    free: bool


class Refusal(NamedTuple):
    """An exception that is raised, here or by a function that is called.

    Attributes:
        node: the ``raise``, or the call.
        words: its class, and those that it descends from.
        held: what may hold a connection then.
    """

    node: cst.CSTNode
    words: frozenset[str]
    held: dict[int, Resource]


def spared(flow: Flow, node: cst.CSTNode) -> tuple[dict[int, Resource], dict[int, Resource]]:
    """What holds no connection at a node, though it does so on other paths through a function.

    Args:
        flow: the function, which is at ``node``.
        node: what waits.

    Returns:
        What does not hold one for all that this function does, and of that what holds none
        whatever the caller has left.
    """
    quiet: dict[int, Resource] = {}
    free: dict[int, Resource] = {}
    if not flow.outcomes and not flow.refusals:
        return quiet, free
    for site, condition in flow.state.conditions.items():
        resource = flow.resources.get(site)
        if resource is None or condition.holds or condition.is_given_back:
            continue
        through = _answers(flow, site, node)
        if through:
            quiet[site] = resource
            if all(outcome.free for outcome in through):
                free[site] = resource
        elif condition.may_hold and _is_refused(flow, site, node):
            quiet[site] = resource
    return quiet, free


# -- answers ---------------------------------------------------------------------------------------


def _answers(flow: Flow, site: int, node: cst.CSTNode) -> list[Outcome]:
    """The outcomes of a call that tests let through to a node, if nothing is held in any."""
    found: list[Outcome] = []
    for (known, _), (call, outcomes) in flow.outcomes.items():
        if known != site:
            continue
        for test, holds in tests_leading_to(node, flow.lookup.names.parents, _FUNCTIONS):
            for leaf, truth in _leaves(test, holds):
                through = _through(leaf, truth, call, outcomes.values(), flow)
                if through and not any(outcome.holds for outcome in through):
                    found = through
    return found


def _leaves(test: cst.BaseExpression, holds: bool) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """The parts of a test of which the result is certain."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        yield from _leaves(test.expression, not holds)
    elif isinstance(test, cst.BooleanOperation):
        if isinstance(test.operator, cst.And) is holds:
            yield from _leaves(test.left, holds)
            yield from _leaves(test.right, holds)
    else:
        yield test, holds


def _through(
    leaf: cst.BaseExpression,
    truth: bool,
    call: cst.Call,
    outcomes: Iterable[Outcome],
    flow: Flow,
) -> list[Outcome]:
    """The outcomes of a call that pass a test."""
    asked, subject = "truth", leaf
    if isinstance(leaf, cst.Comparison) and len(leaf.comparisons) == 1:
        operator, other = leaf.comparisons[0].operator, leaf.comparisons[0].comparator
        if not isinstance(operator, (cst.Is, cst.IsNot)) or getattr(other, "value", "") != "None":
            return []
        asked, subject, truth = "none", leaf.left, truth is isinstance(operator, cst.Is)
    place = _place_of(subject, call, flow)
    if place is None:
        return []
    by_kind = [(kind_of(_part(one.answer, place)), one) for one in outcomes]
    kinds = set(_PASS[asked, truth])
    if NONE in kinds and any(kind in (NONE, FALSE) for kind, _ in by_kind):
        kinds.discard(THERE)
    return [one for kind, one in by_kind if kind in kinds]


def _place_of(subject: cst.BaseExpression, call: cst.Call, flow: Flow) -> int | None:
    """Where in a call's answer something stands: -1 for all of it, None where it is not in it."""
    parents = flow.lookup.names.parents
    answer: cst.CSTNode = call
    if isinstance(parents.get(id(call)), cst.Await):
        answer = parents[id(call)]
    if subject is answer:
        return -1
    if isinstance(subject, cst.NamedExpr):
        return -1 if subject.value is answer else None
    owner = parents.get(id(answer))
    if not isinstance(subject, cst.Name) or owner is None:
        return None
    targets: list[cst.BaseExpression]
    if isinstance(owner, cst.Assign):
        targets = [target.target for target in owner.targets]
    elif isinstance(owner, (cst.AnnAssign, cst.NamedExpr)):
        targets = [owner.target]
    else:
        return None
    for target in targets:
        if isinstance(target, cst.Name) and target.value == subject.value:
            return -1
        if isinstance(target, (cst.Tuple, cst.List)):
            for index, element in enumerate(target.elements):
                if getattr(element.value, "value", None) == subject.value:
                    return index
    return None


def _part(answer: cst.BaseExpression | None, place: int) -> cst.BaseExpression | None:
    if place < 0 or answer is None:
        return answer
    if isinstance(answer, cst.Tuple) and place < len(answer.elements):
        return answer.elements[place].value
    return cst.Name("_")


def kind_of(answer: cst.BaseExpression | None) -> str:
    """What is known of something that is returned: NONE, FALSE, TRUE, THERE or ANY."""
    if answer is None:
        return NONE
    if isinstance(answer, cst.Name):
        return {"None": NONE, "False": FALSE, "True": TRUE}.get(answer.value, THERE)
    if isinstance(answer, (cst.Integer, cst.SimpleString)):
        return TRUE if answer.evaluated_value else FALSE
    if isinstance(answer, (cst.Tuple, cst.List, cst.Dict)):
        return TRUE if answer.elements else FALSE
    return THERE if isinstance(answer, (cst.Attribute, cst.Subscript)) else ANY


# -- exceptions ------------------------------------------------------------------------------------


def _is_refused(flow: Flow, site: int, node: cst.CSTNode) -> bool:
    """Whether a handler takes up what is raised only where nothing is held."""
    parents = flow.lookup.names.parents
    parent = parents.get(id(node))
    while parent is not None and not isinstance(parent, _FUNCTIONS):
        if isinstance(parent, cst.ExceptHandler):
            attempt = parents.get(id(parent))
            if isinstance(attempt, cst.Try) and _catches_refusal(flow, site, parent, attempt):
                return True
        parent = parents.get(id(parent))
    return False


def _catches_refusal(flow: Flow, site: int, handler: cst.ExceptHandler, attempt: cst.Try) -> bool:
    kinds = (
        [element.value for element in handler.type.elements]
        if isinstance(handler.type, cst.Tuple)
        else [handler.type]
    )
    words = {last_word(kind) if kind is not None else None for kind in kinds}
    if None in words or words & EVERYTHING:
        return False
    caught = caught_by(handler, flow.scope, flow.lookup)
    if caught is not None and any(map(failures.catches_statement, caught)):
        return False
    refusals = [
        refusal
        for refusal in flow.refusals.values()
        if not refusal.words.isdisjoint(words) and _stands_in(refusal.node, attempt.body, flow)
    ]
    return bool(refusals) and not any(site in refusal.held for refusal in refusals)


def _stands_in(node: cst.CSTNode, block: cst.CSTNode, flow: Flow) -> bool:
    parents = flow.lookup.names.parents
    current: cst.CSTNode | None = node
    while current is not None and current is not block:
        current = parents.get(id(current))
    return current is block
