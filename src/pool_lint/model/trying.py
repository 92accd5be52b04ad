"""``try``: which paths a handler takes up, and what ``finally`` does to each kind of way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge.leaving import EVERYTHING
from pool_lint.model.states import State, meet
from pool_lint.model.values import UNKNOWN
from pool_lint.syntax.walk import last_word

if TYPE_CHECKING:
    from pool_lint.model.statements import Statements

# Kinds of way out are told apart in a ``finally`` within a ``finally``, and not any deeper: the
# time for each level multiplies.
_APART = 2
_ANY = "any"


def follow(run: Statements, node: cst.Try | cst.TryStar) -> None:
    """A try statement.

    Args:
        run: the function.
        node: the statement.
    """
    if node.finalbody is None:
        run.forward(_handled(run, node))
        return
    run.part()
    run.forward(_handled(run, node))
    _finally(run, run.caught(), node.finalbody)


def _handled(run: Statements, node: cst.Try | cst.TryStar) -> dict[str, State | None]:
    """A try statement without its finally."""
    run.part()
    run.block(node.body)
    pending = run.caught()
    raised = pending.pop("raise", None)
    normal = pending.pop("", None)
    if node.orelse is not None and normal is not None:
        run.resume(normal)
        run.part()
        run.block(node.orelse.body)
        normal = _add(pending, run.caught())
    is_star = isinstance(node, cst.TryStar)
    for handler in node.handlers:
        if raised is None:
            break
        run.resume(raised.copy())
        for tell in run.watch.caught:
            tell(handler)
        run.part()
        _handler(run, handler)
        ended = _add(pending, run.caught())
        normal = meet(normal, ended)
        if is_star:
            # The next one may take up another part of the same group.
            raised = meet(raised, None if ended is None else ended.copy())
        elif catches_everything(handler):
            raised = None
    if raised is not None:
        pending["raise"] = meet(pending.get("raise"), raised)
    pending[""] = normal
    return pending


def _add(pending: dict[str, State | None], inner: dict[str, State | None]) -> State | None:
    """Take in the ways out of a part; gives the state at its normal end."""
    normal = inner.pop("", None)
    for kind, state in inner.items():
        pending[kind] = meet(pending.get(kind), state)
    return normal


def _handler(run: Statements, node: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
    if node.type is not None:
        run.value(node.type)
    name = node.name.name if node.name is not None else None
    if isinstance(name, cst.Name):
        run.state.bind(name.value, UNKNOWN)
    run.block(node.body)


def catches_everything(node: cst.ExceptHandler | cst.ExceptStarHandler) -> bool:
    """Whether a handler catches whatever a program can foresee."""
    if node.type is None:
        return True
    kinds = (
        [e.value for e in node.type.elements] if isinstance(node.type, cst.Tuple) else [node.type]
    )
    return any(last_word(kind) in EVERYTHING for kind in kinds)


def _finally(run: Statements, pending: dict[str, State | None], final: cst.Finally) -> None:
    """Run a ``finally`` for what goes on behind it, for what leaves, and for what has failed."""
    normal = pending.pop("", None)
    abrupt = {kind: state for kind, state in pending.items() if state is not None}
    if len(run.context) >= _APART:
        # One state for all: what goes on behind it is then what leaves as well.
        everything = abrupt if normal is None else {**abrupt, "": normal}
        _run(run, everything, final, _ANY)
        return
    raised = abrupt.pop("raise", None)
    if raised is not None:
        outer, run.unwinding = run.unwinding, True
        _run(run, {"raise": raised}, final, "raise")
        run.unwinding = outer
    if abrupt:
        _run(run, abrupt, final, "leave")
    _run(run, {} if normal is None else {"": normal}, final, "")


def _run(run: Statements, states: dict[str, State], final: cst.Finally, context: str) -> None:
    """Run the body once for several ways out, and send each of them on."""
    merged: State | None = None
    for state in states.values():
        merged = meet(merged, state)
    run.resume(merged.copy() if merged is not None else None)
    outer, run.context = run.context, (*run.context, context)
    if run.reached:
        for tell in run.watch.cleaning:
            tell(final)
    run.block(final.body)
    run.context = outer
    if run.reached:
        for kind in states:
            if kind:
                run.frames[-1].add(kind, run.state.copy())
    run.reached = run.reached and "" in states
