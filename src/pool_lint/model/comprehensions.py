"""Comprehensions: names of their own, and rounds of which there may be none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import closures, operations
from pool_lint.model.assignments import bind, targets
from pool_lint.model.deciding import decide
from pool_lint.model.loops import repeat
from pool_lint.model.states import meet
from pool_lint.model.values import UNKNOWN, Bundle, Coroutine, Manager, Value

if TYPE_CHECKING:
    from pool_lint.model.deciding import Ways
    from pool_lint.model.paths import Paths


def evaluate(flow: Paths, node: cst.BaseSimpleComp | cst.DictComp) -> Value:
    """Run a comprehension; a generator expression that nobody takes up at once runs later.

    Args:
        flow: the function.
        node: the comprehension.
    """
    if isinstance(node, cst.GeneratorExp) and not _is_taken_up(flow, node):
        flow.value(node.for_in.iter)
        closures.escape(flow, node)
        return UNKNOWN
    names = _names(node)
    before = {name: flow.state.env.get(name) for name in names}
    found: list[Value] = []
    _clause(flow, node, node.for_in, found)
    for name, value in before.items():
        if not flow.reached:
            break
        if value is None:
            flow.state.unbind(name)
        else:
            flow.state.bind(name, value)
    if found and isinstance(found[-1], (Coroutine, Manager, Bundle)):
        return Bundle((found[-1],), call=node)
    return UNKNOWN


def _is_taken_up(flow: Paths, node: cst.GeneratorExp) -> bool:
    """Whether a generator expression runs where it stands: as an argument, or in a loop."""
    parent = flow.lookup.names.parents.get(id(node))
    return isinstance(
        parent,
        (cst.Arg, cst.For, cst.CompFor, cst.StarredElement, cst.ComparisonTarget, cst.From),
    )


def _names(node: cst.BaseSimpleComp | cst.DictComp) -> list[str]:
    """The names that a comprehension binds for itself."""
    found: list[str] = []
    clause: cst.CompFor | None = node.for_in
    while clause is not None:
        found += targets(clause.target)
        clause = clause.inner_for_in
    return found


def _clause(
    flow: Paths, node: cst.BaseSimpleComp | cst.DictComp, clause: cst.CompFor, found: list[Value]
) -> None:
    value = flow.value(clause.iter)
    if isinstance(value, Coroutine) and value.subject is not None:
        flow.drop(value, "iterated", clause.iter)
    element = operations.iterated(value)

    def head() -> Ways:
        flow.may_raise()
        left = flow.state.copy()
        bind(flow, clause.target, element)
        return flow.state, left

    def body() -> None:
        for condition in clause.ifs:
            yes, no = decide(flow, condition.test)
            if no is not None:
                flow.frames[-1].add("continue", no)
            flow.resume(yes)
            if not flow.reached:
                return
        if clause.inner_for_in is not None:
            _clause(flow, node, clause.inner_for_in, found)
        elif isinstance(node, cst.DictComp):
            flow.value(node.key)
            found.append(flow.value(node.value))
        else:
            found.append(flow.value(node.elt))

    breaks = repeat(flow, id(clause), head, body)
    flow.resume(meet(flow.here, breaks))
