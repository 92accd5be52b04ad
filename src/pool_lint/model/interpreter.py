"""Follow a function's statements on every path to its ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import slow as table
from pool_lint.model import (
    callees,
    closures,
    effects,
    entering,
    loops,
    matching,
    operations,
    trying,
)
from pool_lint.model.analysis import Analysis
from pool_lint.model.assignments import bind, forget, given
from pool_lint.model.conditions import KINDS, UNSEEN
from pool_lint.model.deciding import decide
from pool_lint.model.evaluate import GaveUp
from pool_lint.model.events import SlowCall
from pool_lint.model.guards import is_first_time
from pool_lint.model.handing import HandingOver
from pool_lint.model.names import FunctionInfo
from pool_lint.model.passes import Assumption, assumptions
from pool_lint.model.paths import Frame, Paths
from pool_lint.model.slow_calls import label, style_of
from pool_lint.model.states import State, meet
from pool_lint.model.switches import is_switched_off
from pool_lint.model.values import (
    UNKNOWN,
    Coroutine,
    Function,
    Origin,
    Resource,
    Stream,
    Value,
)  # fmt: skip
from pool_lint.syntax.room import with_room

if TYPE_CHECKING:
    from pool_lint.model.deciding import Ways
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.states import Condition

# What is followed takes a few steps for each node, at worst a hundred; whoever takes more is lost.
_STEPS_PER_NODE = 1000
_LOOK = 8
# More slow calls of others than that tell nobody anything new.
_LATER = 64


class Interpreter(Paths):
    """Runs the body of one function."""

    def __init__(self, model: ModuleModel, info: FunctionInfo) -> None:
        super().__init__(model, info)
        # How the function ends where it does not raise; None where it never gets there.
        self.end: State | None = None
        self._handing = HandingOver(self)
        self._handed_out: State | None = None
        self._assumption: Assumption = {}
        self._nesting = 0

    def run(self) -> Analysis:
        """Follow the function.

        Returns:
            What was seen; nothing where the function is too twisted to be followed in time.
        """
        assert self.info is not None
        self.bound = _STEPS_PER_NODE * (100 + self.info.scope.size)
        end: State | None = None
        raised: State | None = None
        try:
            for assumption in assumptions(self.info, self.lookup):
                pending = self._pass(assumption)
                end = meet(end, meet(pending.get(""), pending.get("return")))
                raised = meet(raised, pending.get("raise"))
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
            tell({"": end, "raise": raised})
        self.end = end
        if not self._handing.is_manager and end is not None:
            end = meet(end, self._handed_out)
        self._note_ends(analysis, end, analysis.exits)
        self._note_ends(analysis, raised, analysis.raised)
        # What an exception leaves of anything else, be it an object's, nobody can say.
        analysis.raised = {
            site: condition
            for site, condition in analysis.raised.items()
            if isinstance(analysis.resources[site].site, cst.Param)
        }
        self._handing.note(analysis, self.end)
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

    # -- statements ----------------------------------------------------------------------------

    def block(self, node: cst.BaseSuite | cst.SimpleStatementLine) -> None:
        """A suite, statement by statement, as far as it is reached."""
        self._nesting += 1
        if self._nesting % _LOOK == 0:
            with_room(lambda: self._block(node))
        else:
            self._block(node)
        self._nesting -= 1

    def _block(self, node: cst.BaseSuite | cst.SimpleStatementLine) -> None:
        for statement in node.body:
            if not self.reached:
                return
            self.tick()
            if isinstance(statement, cst.SimpleStatementLine):
                for small in statement.body:
                    if self.reached:
                        getattr(self, _STATEMENTS.get(type(small), "value"))(small)
            else:
                getattr(self, _STATEMENTS.get(type(statement), "value"))(statement)

    def do_expr(self, node: cst.Expr) -> None:
        """An expression by itself."""
        value = self.value(node.value)
        if isinstance(value, Coroutine) and value.subject is not None:
            self.drop(value, "statement", node)

    def do_assign(self, node: cst.Assign) -> None:
        """``a = b = value``."""
        value = given(node.value, self.value(node.value))
        for target in node.targets:
            bind(self, target.target, value)

    def do_ann_assign(self, node: cst.AnnAssign) -> None:
        """``name: type = value``."""
        if node.value is not None:
            bind(self, node.target, given(node.value, self.value(node.value)))

    def do_aug_assign(self, node: cst.AugAssign) -> None:
        """``name += value`` reads first."""
        if isinstance(node.target, cst.Name):
            self.value(node.target)
        self.value(node.value)
        bind(self, node.target, UNKNOWN)

    def walrus(self, node: cst.NamedExpr) -> Value:
        value = self.value(node.value)
        bind(self, node.target, value)
        return value

    def do_return(self, node: cst.Return) -> None:
        """``return``."""
        value = UNKNOWN if node.value is None else self.value(node.value)
        for tell in self.watch.returned:
            tell(value, node)
        self._handing.returned(value)
        self.leave("return")

    def do_raise(self, node: cst.Raise) -> None:
        """``raise``."""
        if node.exc is not None:
            self.value(node.exc)
        if node.cause is not None:
            self.value(node.cause.item)
        self.leave("raise")

    def do_break(self, node: cst.Break) -> None:
        """``break``."""
        self.leave("break")

    def do_continue(self, node: cst.Continue) -> None:
        """``continue``."""
        self.leave("continue")

    def do_nothing(self, node: cst.CSTNode) -> None:
        """Declarations: they change nothing."""

    def do_assert(self, node: cst.Assert) -> None:
        """``assert test, message``."""
        yes, no = decide(self, node.test)
        self.resume(no)
        if self.reached and node.msg is not None:
            self.value(node.msg)
        self.leave("raise")
        self.resume(yes)

    def do_del(self, node: cst.Del) -> None:
        """``del``."""
        forget(self, node.target)

    def do_import(self, node: cst.Import | cst.ImportFrom) -> None:
        """An import, which may fail, and binds its names here."""
        self.may_raise()
        if isinstance(node.names, cst.ImportStar):
            return
        for alias in node.names:
            bound: cst.CSTNode = alias.name if alias.asname is None else alias.asname.name
            while isinstance(bound, cst.Attribute):
                bound = bound.value
            if isinstance(bound, cst.Name):
                closures.bind_definition(self, bound.value, node)

    def do_function(self, node: cst.FunctionDef) -> None:
        """A function in a function; what is in it runs later."""
        closures.defined(self, node)

    def do_class(self, node: cst.ClassDef) -> None:
        """A class in a function: its body runs at once, under names of its own."""
        before = self.state.env.copy()
        self.block(node.body)
        self.state.env = before.copy()
        closures.defined(self, node)

    def do_if(self, node: cst.If) -> None:
        """``if``, ``elif`` and ``else``."""
        ends: State | None = None
        current: cst.If | cst.Else | None = node
        while isinstance(current, cst.If) and self.reached:
            yes, no = decide(self, current.test)
            self.resume(yes)
            if self.reached:
                self.block(current.body)
            ends = meet(ends, self.here)
            self.resume(no)
            current = current.orelse
        if current is not None and self.reached:
            self.block(current.body)
        self.resume(meet(ends, self.here))

    def do_while(self, node: cst.While) -> None:
        """``while``, and its ``else``."""
        breaks = loops.repeat(
            self, id(node), lambda: decide(self, node.test), lambda: self.block(node.body)
        )
        self._after_loop(node, breaks)

    def do_for(self, node: cst.For) -> None:
        """``for``, and its ``else``."""
        value = self.value(node.iter)
        if isinstance(value, Coroutine) and value.subject is not None:
            self.drop(value, "iterated", node.iter)
        self._iterated(node, value)
        for tell in self.watch.iterated:
            tell(value, node)
        element = operations.iterated(value)
        release = self._enter_element(value, element, node)

        def head() -> Ways:
            self._resumed(value, node.iter)
            self.may_raise()
            bind(self, node.target, element)
            return self.state, self.state.copy()

        breaks = loops.repeat(self, id(node), head, lambda: self.block(node.body))
        self._after_loop(node, breaks)
        if release is not None and self.reached:
            release()

    def _after_loop(self, node: cst.For | cst.While, breaks: State | None) -> None:
        if self.reached and node.orelse is not None:
            self.block(node.orelse.body)
        self.resume(meet(self.here, breaks))

    def _iterated(self, node: cst.For, value: Value) -> None:
        if isinstance(value, Origin) and isinstance(node.iter, cst.Call):
            style = style_of(self, value.path.removesuffix("()"), node.iter)
            if style in (table.WAITING, table.EITHER) and node.asynchronous is not None:
                call = SlowCall(node.iter, table.WAITING, label(node.iter, value.path), False, None)
                effects.slow(self, call)

    def _enter_element(
        self, value: Value, element: Value, node: cst.For
    ) -> Callable[[], None] | None:
        """``for session in get_session():`` has the session until the loop is over."""
        if not isinstance(value, Stream) or not isinstance(element, Resource):
            return None
        if value.function is None and not isinstance(element.site, cst.Call):
            return None
        if element.kind not in KINDS:
            return None
        effects.create(self, element)
        return lambda: effects.apply(self, element, "close", node)

    def do_with(self, node: cst.With) -> None:
        """``with``."""
        entering.follow(self, node)

    def do_try(self, node: cst.Try | cst.TryStar) -> None:
        """``try``."""
        trying.follow(self, node)

    def do_match(self, node: cst.Match) -> None:
        """``match``."""
        matching.follow(self, node)

    # -- generators ----------------------------------------------------------------------------

    def other(self, node: cst.CSTNode) -> Value:
        if isinstance(node, cst.Yield):
            return self._yield(node)
        return super().other(node)

    def _resumed(self, value: Value, node: cst.BaseExpression) -> None:
        """A generator of the project runs where its values are taken, not where it is made."""
        if isinstance(value, Stream) and value.function is not None and isinstance(node, cst.Call):
            callees.called(self, value.function, node)

    def _yield(self, node: cst.Yield) -> Value:
        value: Value = UNKNOWN
        if isinstance(node.value, cst.From):
            self._resumed(self.value(node.value.item), node.value.item)
        elif node.value is not None:
            value = self.value(node.value)
        for tell in self.watch.yielded:
            tell(value, node)
        self._handing.over(value)
        self._handed_out = meet(self._handed_out, self.state.nameless())
        self.may_raise()
        return UNKNOWN


def _tell(info: FunctionInfo, filename: str, error: Exception) -> None:
    """Leave a note that a function was not followed, for whoever asks the log for it."""
    import logging

    logging.getLogger("pool_lint").debug(
        "%s: %s() is too twisted to be followed (%s)", filename, info.name, type(error).__name__
    )


_STATEMENTS: dict[type, str] = {
    cst.Expr: "do_expr",
    cst.Assign: "do_assign",
    cst.AnnAssign: "do_ann_assign",
    cst.AugAssign: "do_aug_assign",
    cst.Return: "do_return",
    cst.Raise: "do_raise",
    cst.Break: "do_break",
    cst.Continue: "do_continue",
    cst.Assert: "do_assert",
    cst.Del: "do_del",
    cst.Pass: "do_nothing",
    cst.TypeAlias: "do_nothing",
    cst.Global: "do_nothing",
    cst.Nonlocal: "do_nothing",
    cst.Import: "do_import",
    cst.ImportFrom: "do_import",
    cst.FunctionDef: "do_function",
    cst.ClassDef: "do_class",
    cst.If: "do_if",
    cst.While: "do_while",
    cst.For: "do_for",
    cst.With: "do_with",
    cst.Try: "do_try",
    cst.TryStar: "do_try",
    cst.Match: "do_match",
}
