"""Context managers that are functions of the project: what they do around their ``yield``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model import effects
from pool_lint.model.callees import apply_exit, argument
from pool_lint.model.conditions import KINDS, UNSEEN
from pool_lint.model.effects import Leave, create
from pool_lint.model.states import LOST_CONDITION, UNSEEN_CONDITION, Condition, State
from pool_lint.model.values import Foreign, Function, Manager, Resource, Value

if TYPE_CHECKING:
    from pool_lint.model.analysis import Analysis
    from pool_lint.model.flow import Flow


class HandingOver:
    """What a function that yields hands over, and in which condition.

    Args:
        flow: the function.
    """

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        info = flow.info
        self.is_manager = info is not None and not fw.MANAGER_DECORATORS.isdisjoint(
            info.decorator_names
        )
        self._yielded: Condition | None = None
        self._handed: dict[int, Condition] = {}
        self._returned: Condition | None = None
        self._site: int | None = None

    def over(self, value: Value) -> None:
        """A ``yield`` of a value: whoever gets it may do anything with it."""
        state, local = self._flow.state, self._flow.local
        if isinstance(value, Resource):
            site = id(value.site)
            self._yielded = state.condition(site)
            if site in local and value.kind in KINDS:
                self._site = site
                state.put(site, self._yielded.handed(value.kind))
        if not self.is_manager:
            return
        for site, condition in list(state.conditions.items()):
            resource = self._flow.resources.get(site)
            if site in local or resource is None or resource.kind not in KINDS:
                continue
            known = self._handed.get(site)
            self._handed[site] = condition if known is None else known.or_else(condition)
            state.put(site, condition.handed(resource.kind))

    def returned(self, value: Value) -> None:
        """A ``return`` of a value."""
        if isinstance(value, Resource) and id(value.site) in self._flow.local:
            known = self._flow.state.condition(id(value.site))
            self._returned = known if self._returned is None else self._returned.or_else(known)

    def note(self, analysis: Analysis, end: State | None) -> None:
        """Write down what a caller wants to know."""
        analysis.yielded = self._yielded
        analysis.returned = self._returned
        for site, condition in self._handed.items():
            analysis.handed[site] = condition
            analysis.resources[site] = self._flow.resources[site]
        if end is not None and self._site is not None:
            analysis.given_back = end.conditions.get(self._site)


def made(flow: Flow, resource: Resource, function: Function | Foreign) -> None:
    """A function has given something that it has made itself.

    Args:
        flow: the function that calls it.
        resource: what it has given.
        function: the function.
    """
    effects.create(flow, resource)
    known = flow.summary(function.info).returned if isinstance(function, Function) else None
    if known is not None:
        flow.state.put(id(resource.site), _own(known))


def enter(flow: Flow, value: Value, node: cst.CSTNode) -> Leave | None:
    """``with value``, for everything that may be entered; see :func:`effects.enter`."""
    if isinstance(value, Manager) and value.subject is None and value.function is not None:
        return _enter(flow, value, value.function, node)
    return effects.enter(flow, value, node)


def _enter(flow: Flow, manager: Manager, function: Function, node: cst.CSTNode) -> Leave | None:
    """``with helper(session) as given``: what happens on entering, and what will on leaving.

    Args:
        flow: the function that the block is in.
        manager: the manager.
        function: its function.
        node: what is entered.

    Returns:
        What is to be told at the end of the block whether an exception leaves it; None where
        nothing happens then.
    """
    summary = flow.summary(function.info)
    call, given = manager.call, manager.entered
    if summary.raised:
        before, flow.state = flow.state, flow.state.copy()
        _forget(flow, summary, summary.raised, function, manager)
        flow.may_raise()
        flow.state = before
    _apply(flow, summary, summary.handed, function, manager)
    made: Resource | None = None
    if isinstance(given, Resource) and given.kind in KINDS and given.site is call:
        made = given
        create(flow, made)
        flow.state.put(id(made.site), _own(summary.yielded))
    if made is None and not summary.handed and not summary.exits:
        return None

    def leave(raised: bool) -> None:
        if made is not None:
            end = None if raised else summary.given_back
            if end is None:
                flow.state.put(id(made.site), LOST_CONDITION)
            else:
                apply_exit(flow, made, end, made.kind, node)
                _presume_given_back(flow, made)
        if raised:
            _forget(flow, summary, {**summary.handed, **summary.exits}, function, manager)
        else:
            _apply(flow, summary, summary.exits, function, manager)

    return leave


def _presume_given_back(flow: Flow, made: Resource) -> None:
    """What a manager gives back on some path it means to give back on all of them.

    That it does not where its own end fails is nothing to reproach its callers with.
    """
    site = id(made.site)
    after = flow.state.condition(site)
    if after.may_hold and not after.holds:
        free = {atom for atom in after.atoms if not atom.is_holding}
        flow.state.put(site, Condition(frozenset(free | {UNSEEN})))


def _forget(
    flow: Flow,
    summary: Analysis,
    ends: dict[int, Condition],
    function: Function,
    manager: Manager,
) -> None:
    """An exception has come, and nobody knows from where in the function."""
    for site in ends:
        known = _argument(flow, summary, site, function, manager)
        if known is not None:
            flow.state.put(id(known.site), LOST_CONDITION)


def _own(condition: Condition | None) -> Condition:
    """The condition in which something is handed over, as its new owner has it."""
    if condition is None:
        return UNSEEN_CONDITION
    return Condition(condition.atoms, condition.since)


def _apply(
    flow: Flow,
    summary: Analysis,
    ends: dict[int, Condition],
    function: Function,
    manager: Manager,
) -> None:
    for site, end in ends.items():
        known = _argument(flow, summary, site, function, manager)
        if known is None:
            continue
        if ends is summary.exits and end.relation is not None and not end.relation.table:
            # Not even the blocks are known that it began before, and ends now.
            flow.state.put(id(known.site), LOST_CONDITION)
        else:
            apply_exit(flow, known, end, summary.resources[site].kind, manager.call)


def _argument(
    flow: Flow, summary: Analysis, site: int, function: Function, manager: Manager
) -> Resource | None:
    if not isinstance(manager.call, cst.Call):
        return None
    known = argument(flow, function, summary.resources[site], manager.call)
    return known if isinstance(known, Resource) else None
