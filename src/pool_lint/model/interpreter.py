"""Follow a function's statements on every path to its ends."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import (
    callees,
    closures,
)
from pool_lint.model.analysis import Analysis
from pool_lint.model.conditions import KINDS, UNSEEN
from pool_lint.model.evaluate import GaveUp
from pool_lint.model.events import SlowCall
from pool_lint.model.guards import is_first_time
from pool_lint.model.names import FunctionInfo
from pool_lint.model.passes import Assumption, assumptions
from pool_lint.model.paths import Frame
from pool_lint.model.statements import Statements
from pool_lint.model.states import State, meet
from pool_lint.model.switches import is_switched_off
from pool_lint.model.values import (
    UNKNOWN,
    Function,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.syntax.room import with_room

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.states import Condition

# What is followed takes a few steps for each node, at worst a hundred; whoever takes more is lost.
_STEPS_PER_NODE = 1000
# More slow calls of others than that tell nobody anything new.
_LATER = 64


class Interpreter(Statements):
    """Runs the body of one function."""

    def __init__(self, model: ModuleModel, info: FunctionInfo) -> None:
        super().__init__(model, info)
        # How the function ends where it does not raise; None where it never gets there.
        self.end: State | None = None
        self._handed_out: State | None = None
        self._assumption: Assumption = {}

    def run(self) -> Analysis:
        """Follow the function.

        Returns:
            What was seen; nothing where the function is too twisted to be followed in time.
        """
        assert self.info is not None
        self.bound = _STEPS_PER_NODE * (100 + self.info.scope.size)
        end: State | None = None
        raised: State | None = None
        through: State | None = None
        try:
            for assumption in assumptions(self.info, self.lookup):
                pending = self._pass(assumption)
                end = meet(end, meet(pending.get(""), pending.get("return")))
                raised = meet(raised, pending.get("raise"))
                through = meet(through, pending.get(""))
        except (GaveUp, RecursionError) as error:
            _tell(self.info, self.lookup.filename, error)
            return Analysis()
        self.drop_kept()
        analysis = Analysis()
        analysis.is_complete = True
        analysis.steps = self.steps
        analysis.events = self.events
        analysis.direct = [
            call
            for call in self.slow_calls.values()
            if not is_first_time(call.node, self.info, self.lookup)
        ]
        analysis.later = self._later_calls if self.later else None
        for tell in self.watch.ended:
            tell({"": end, "raise": raised, "through": through})
        self.end = end
        if not self.handing.is_manager and end is not None:
            end = meet(end, self._handed_out)
        self._note_ends(analysis, end, analysis.exits)
        self._note_ends(analysis, raised, analysis.raised)
        # What an exception leaves of anything else, be it an object's, nobody can say.
        analysis.raised = {
            site: condition
            for site, condition in analysis.raised.items()
            if isinstance(analysis.resources[site].site, cst.Param)
        }
        self.handing.note(analysis, self.end)
        return analysis

    def _pass(self, assumption: Assumption) -> dict[str, State | None]:
        """Follow the function once, on the paths on which the same tests have the same result."""
        assert self.info is not None
        self._assumption = assumption
        self.state = State(self.local)
        self.loops.clear()
        self.frames = [Frame(is_last=True)]
        self.reached = True
        self._introduce_parameters(self.info)
        self.block(self.info.node.body)
        pending = self.caught()
        end = pending[""]
        return {**pending, "": None if end is None else end.nameless()}

    def assumed(self, node: cst.BaseExpression) -> bool | None:
        return self._assumption.get(id(node))

    def _later_calls(self) -> Iterator[SlowCall]:
        """The slow calls of functions that this one calls while it holds nothing.

        Functions that call others twice, which call others twice, would make that very many.
        """
        found: set[tuple[int, int]] = set()
        for later in self.later.values():
            assert self.info is not None
            if is_first_time(later.node, self.info, self.lookup):
                continue
            known = self.lookup.known(later.function)
            if not isinstance(known, Function):
                continue
            for inner in with_room(partial(self._slow_calls_of, known)):
                key = id(later.node), id(inner.inner or inner.node)
                if key in found or is_switched_off(inner.node, known.info, later.node):
                    continue
                found.add(key)
                call = callees.relayed(inner, later.node)
                call.free = {**later.free, **callees.given_back(self, known, inner, later.node)}
                yield call
                if len(found) >= _LATER:
                    return

    def _slow_calls_of(self, function: Function) -> list[SlowCall]:
        return self.summary(function.info).slow_calls

    def _introduce_parameters(self, info: FunctionInfo) -> None:
        for param in info.params:
            value = self.lookup.parameter(param, info.scope)
            self.state.bind(param.name.value, value)
            if isinstance(value, Resource):
                self.resources[id(value.site)] = value
        for star in (info.node.params.star_arg, info.node.params.star_kwarg):
            if isinstance(star, cst.Param):
                closures.bind_definition(self, star.name.value, star)

    def _note_ends(self, analysis: Analysis, end: State | None, ends: dict[int, Condition]) -> None:
        if end is None:
            return
        for site, condition in end.conditions.items():
            resource = self.resources.get(site)
            if site in self.local or resource is None or resource.kind not in KINDS:
                continue
            if condition.atoms != {UNSEEN} or condition.relation is not None:
                ends[site] = condition
                analysis.resources[site] = resource

    # -- generators ----------------------------------------------------------------------------

    def other(self, node: cst.CSTNode) -> Value:
        if isinstance(node, cst.Yield):
            return self._yield(node)
        return super().other(node)

    def _yield(self, node: cst.Yield) -> Value:
        value: Value = UNKNOWN
        if isinstance(node.value, cst.From):
            self.resumed(self.value(node.value.item), node.value.item)
        elif node.value is not None:
            value = self.value(node.value)
        for tell in self.watch.yielded:
            tell(value, node)
        self.handing.over(value)
        self._handed_out = meet(self._handed_out, self.state.nameless())
        self.may_raise()
        return UNKNOWN


def _tell(info: FunctionInfo, filename: str, error: Exception) -> None:
    """Leave a note that a function was not followed, for whoever asks the log for it."""
    import logging

    logging.getLogger("pool_lint").debug(
        "%s: %s() is too twisted to be followed (%s)", filename, info.name, type(error).__name__
    )
