"""``match``: cases that are tried in order, and the names that their patterns bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.deciding import decide
from pool_lint.model.paths import Frame
from pool_lint.model.states import State, meet
from pool_lint.model.values import UNKNOWN, Group, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.statements import Statements


def follow(run: Statements, node: cst.Match) -> None:
    """A match statement.

    Args:
        run: the function.
        node: the statement.
    """
    subject = run.value(node.subject)
    ends = Frame()
    for case in node.cases:
        if not run.reached:
            break
        left: State | None = None if is_irrefutable(case.pattern) else run.state.copy()
        run.may_raise()
        _bind(run, case.pattern, subject)
        if case.guard is not None:
            yes, no = decide(run, case.guard)
            left = meet(left, no)
            run.resume(yes)
        if run.reached:
            run.block(case.body)
        if run.reached:
            ends.add("", run.state)
        run.resume(left)
    run.resume(meet(ends.pending.get(""), run.here))


def is_irrefutable(pattern: cst.MatchPattern) -> bool:
    """Whether a pattern matches whatever there is."""
    if isinstance(pattern, cst.MatchAs):
        return pattern.pattern is None or is_irrefutable(pattern.pattern)
    if isinstance(pattern, cst.MatchOr):
        return any(is_irrefutable(element.pattern) for element in pattern.patterns)
    return False


def _bind(run: Statements, pattern: cst.CSTNode | None, value: Value) -> None:
    """Give the names of a pattern what they match, as far as that is known."""
    if isinstance(pattern, cst.MatchAs):
        _bind(run, pattern.pattern, value)
        if pattern.name is not None:
            run.state.bind(pattern.name.value, value)
    elif isinstance(pattern, cst.MatchOr):
        for element in pattern.patterns:
            _bind(run, element.pattern, value)
    elif isinstance(pattern, cst.MatchValue):
        run.value(pattern.value)
    elif isinstance(pattern, (cst.MatchList, cst.MatchTuple)):
        _sequence(run, pattern.patterns, value)
    elif isinstance(pattern, cst.MatchMapping):
        for entry in pattern.elements:
            _bind(run, entry.pattern, UNKNOWN)
        if pattern.rest is not None:
            run.state.bind(pattern.rest.value, UNKNOWN)
    elif isinstance(pattern, cst.MatchClass):
        for positional in pattern.patterns:
            _bind(run, positional.value, UNKNOWN)
        for keyword in pattern.kwds:
            _bind(run, keyword.pattern, UNKNOWN)


def _sequence(
    run: Statements,
    patterns: Sequence[cst.MatchSequenceElement | cst.MatchStar],
    value: Value,
) -> None:
    items = value.items if isinstance(value, Group) else ()
    is_known = len(items) == len(patterns)
    for index, element in enumerate(patterns):
        if isinstance(element, cst.MatchStar):
            is_known = False
            if element.name is not None:
                run.state.bind(element.name.value, UNKNOWN)
        else:
            _bind(run, element.value, items[index] if is_known else UNKNOWN)
