"""Follow a function's statements on every path to its ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import libcst as cst

from pool_lint.knowledge import slow as table
from pool_lint.model import callees, effects, misuse, operations
from pool_lint.model.analysis import Analysis
from pool_lint.model.assignments import bind
from pool_lint.model.events import SlowCall
from pool_lint.model.flow import GaveUp
from pool_lint.model.guards import is_first_time
from pool_lint.model.names import FunctionInfo
from pool_lint.model.paths import Frame, Paths
from pool_lint.model.slow_calls import label, style_of
from pool_lint.model.states import TRANSITIONS, UNSEEN, UNSEEN_CONDITION, Condition, State, meet
from pool_lint.model.switches import is_switched_off
from pool_lint.model.values import (
    UNKNOWN,
    Coroutine,
    Function,
    Instance,
    Origin,
    Resource,
    Stream,
    Value,
)  # fmt: skip
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel

_ROUNDS = 3
_BUDGET_PER_NODE = 60


class Interpreter(Paths):
    """Runs the body of one function."""

    def __init__(self, model: ModuleModel, info: FunctionInfo) -> None:
        super().__init__(model, info)
        self._yielded: Condition | None = None

    def run(self) -> Analysis:
        """Follow the function.

        Returns:
            What was seen; nothing where the function is too twisted to be followed in time.
        """
        assert self.info is not None
        body = self.info.node.body
        self.budget = _BUDGET_PER_NODE * (50 + self.info.scope.size)
        frame = Frame(is_last=True)
        self.frames.append(frame)
        analysis = Analysis()
        try:
            self._introduce_parameters(self.info)
            self.block(body)
        except (GaveUp, RecursionError):
            return analysis
        self.drop_kept()
        analysis.events = self.events
        analysis.direct = [
            call
            for call in self.slow_calls.values()
            if not is_first_time(call.node, self.info, self.lookup)
        ]
        analysis.later = self._later_calls if self.later else None
        end = meet(self.state if self.reached else None, frame.pending.get("return"))
        for tell in self.watch.ended:
            tell({"": end, "raise": frame.pending.get("raise")})
        self._note_exits(analysis, end)
        analysis.yielded = self._yielded
        return analysis

    def _later_calls(self) -> Iterator[SlowCall]:
        """The slow calls of functions that this one calls while it holds nothing."""
        for later in self.later.values():
            assert self.info is not None
            if is_first_time(later.node, self.info, self.lookup):
                continue
            known = self.lookup.known(later.function)
            if isinstance(known, Function):
                for inner in self.summary(known.info).slow_calls:
                    if is_switched_off(inner.node, known.info, later.node):
                        continue
                    call = callees.relayed(inner, later.node)
                    call.free = {
                        **later.free, **callees.given_back(self, known, inner, later.node)
                    }  # fmt: skip
                    yield call

    def _introduce_parameters(self, info: FunctionInfo) -> None:
        for param in info.params:
            value = self.lookup.parameter(param, info.scope)
            if isinstance(value, Resource):
                self.resources[id(value.site)] = value

    def _note_exits(self, analysis: Analysis, end: State | None) -> None:
        if end is None:
            return
        for site, condition in end.conditions.items():
            resource = self.resources.get(site)
            if site in self.local or resource is None or resource.kind not in TRANSITIONS:
                continue
            if condition.atoms != {UNSEEN}:
                analysis.exits[site] = condition.atoms
                analysis.resources[site] = resource

    # -- statements ----------------------------------------------------------------------------

    def block(self, node: cst.BaseSuite | cst.SimpleStatementLine) -> None:
        """A suite, statement by statement, as far as it is reached."""
        for statement in node.body:
            if not self.reached:
                return
            if isinstance(statement, cst.SimpleStatementLine):
                self.block(statement)
                continue
            handler = _STATEMENTS.get(type(statement))
            if handler is not None:
                handler(self, statement)
            else:
                self.value(statement)

    def _expr(self, node: cst.Expr) -> None:
        value = self.value(node.value)
        if isinstance(value, Coroutine) and value.subject is not None:
            self.drop(value, "statement", node)

    def _assign(self, node: cst.Assign) -> None:
        value = self.value(node.value)
        for target in node.targets:
            bind(self, target.target, value)

    def _ann_assign(self, node: cst.AnnAssign) -> None:
        if node.value is not None:
            bind(self, node.target, self.value(node.value))

    def _aug_assign(self, node: cst.AugAssign) -> None:
        self.value(node.value)
        bind(self, node.target, UNKNOWN)

    def walrus(self, node: cst.NamedExpr) -> Value:
        value = self.value(node.value)
        bind(self, node.target, value)
        return value

    def _return(self, node: cst.Return) -> None:
        value = UNKNOWN if node.value is None else self.value(node.value)
        for tell in self.watch.returned:
            tell(value, node)
        self.leave("return")

    def _raise(self, node: cst.Raise) -> None:
        if node.exc is not None:
            self.value(node.exc)
        self.leave("raise")

    def _break(self, node: cst.Break) -> None:
        self.leave("break")

    def _continue(self, node: cst.Continue) -> None:
        self.leave("continue")

    def _nothing(self, node: cst.CSTNode) -> None:
        """Definitions and declarations: what is in them runs elsewhere."""

    def _if(self, node: cst.If) -> None:
        ends: State | None = None
        current: cst.If | cst.Else | None = node
        while isinstance(current, cst.If):
            self._test(current.test)
            before = self.state.copy()
            self.block(current.body)
            ends = meet(ends, self.state if self.reached else None)
            self.resume(before)
            current = current.orelse
        if current is not None:
            self.block(current.body)
        self.resume(meet(ends, self.state if self.reached else None))

    def _test(self, node: cst.CSTNode) -> None:
        self._used(node, "truth")
        for inner in walk(node):
            if isinstance(inner, cst.Attribute) and inner.attr.value in (
                "in_transaction", "in_nested_transaction", "is_active",
            ):  # fmt: skip
                subject = self.callee_value(inner.value)
                if isinstance(subject, Resource):
                    self.state.put(id(subject.site), UNSEEN_CONDITION)

    def _while(self, node: cst.While) -> None:
        endless = isinstance(node.test, cst.Name) and node.test.value == "True"
        self._loop(node, lambda: self._test(node.test), endless)

    def _for(self, node: cst.For) -> None:
        value = self.value(node.iter)
        if isinstance(value, Coroutine) and value.subject is not None:
            self.drop(value, "iterated", node.iter)
        self._iterated(node, value)
        element = operations.iterated(value)
        release = self._enter_element(value, element, node)
        self._loop(node, lambda: bind(self, node.target, element), False)
        if release is not None and self.reached:
            release()

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
        if element.kind not in TRANSITIONS:
            return None
        effects.create(self, element)
        return lambda: effects.apply(self, element, "close", node)

    def _loop(self, node: cst.For | cst.While, head: Callable[[], None], endless: bool) -> None:
        breaks: State | None = None
        for _ in range(_ROUNDS):
            head()
            before = self.state.copy()
            pending = self.run_in_frame(lambda: self.block(node.body))
            breaks = meet(breaks, pending.pop("break", None))
            around = meet(pending.pop("", None), pending.pop("continue", None))
            self.forward({**pending, "": before})
            merged = meet(before.copy(), around)
            if around is None or merged is None or merged.same(before):
                break
            self.resume(merged)
        if endless:
            self.reached = False
        if self.reached and node.orelse is not None:
            self.block(node.orelse.body)
        self.resume(meet(self.state if self.reached else None, breaks))

    def _with(self, node: cst.With) -> None:
        self._with_items(list(node.items), node)

    def _with_items(self, items: Sequence[cst.WithItem], node: cst.With) -> None:
        if not items:
            self.block(node.body)
            return
        item, rest = items[0], items[1:]
        value = self.value(item.item)
        misuse.entered(self, value, item.item, node)
        self._slow_entry(item.item, value, node)
        leave = effects.enter(self, value, item.item)
        for tell in self.watch.entered:
            tell(value, item.item, node)
        entered = operations.entered(value, self.lookup)
        if item.asname is not None:
            bind(self, item.asname.name, entered)
        if leave is None and item.asname is not None and isinstance(item.asname.name, cst.Name):
            bound = self.state.env.get(item.asname.name.value)
            if isinstance(bound, Resource) and bound.site is item.asname.name:
                misuse.entered_unseen(self, bound, item.item, node)
                leave = partial(effects.apply, self, bound, "close", item.item)
        if leave is None and isinstance(value, Instance):
            leave = partial(effects.leave_object, self, entered, item.item)
        if leave is None:
            self._with_items(rest, node)
            return
        pending = self.run_in_frame(lambda: self._with_items(rest, node))
        for kind, state in pending.items():
            if state is not None:
                self.resume(state)
                leave()
                for told in self.watch.left:
                    told(value, item.item, node, kind)
                pending[kind] = self.state
        self.forward(pending)

    def _slow_entry(self, node: cst.CSTNode, value: Value, block: cst.With) -> None:
        """``async with client.get(url) as response:`` waits on entering."""
        if not isinstance(value, Origin) or not isinstance(node, cst.Call):
            return
        path = value.path.removesuffix("()")
        style = style_of(self, path, node)
        if block.asynchronous is not None and style in (table.WAITING, table.EITHER):
            effects.slow(self, SlowCall(node, table.WAITING, label(node, path), False, None))

    def _try(self, node: cst.Try | cst.TryStar) -> None:
        final = node.finalbody
        if final is None:
            self.forward(self._handled(node))
            return
        pending = self.run_in_frame(lambda: self.forward(self._handled(node)))
        normal = pending.pop("", None)
        abrupt = {kind: state for kind, state in pending.items() if state is not None}
        raised = abrupt.pop("raise", None)
        if raised is not None:
            outer, self.unwinding = self.unwinding, True
            self._clean_up({"raise": raised}, final)
            self.unwinding = outer
        if abrupt:
            self._clean_up(abrupt, final)
        self.resume(normal)
        if self.reached:
            self.block(final.body)

    def _clean_up(self, abrupt: dict[str, State], final: cst.Finally) -> None:
        """The ``finally`` of paths that do not go on behind it."""
        merged: State | None = None
        for state in abrupt.values():
            merged = meet(merged, state)
        self.resume(merged.copy() if merged is not None else None)
        self.block(final.body)
        for kind in abrupt:
            if self.reached:
                self.frames[-1].add(kind, self.state.copy())

    def _handled(self, node: cst.Try | cst.TryStar) -> dict[str, State | None]:
        """A try statement without its finally."""
        pending = self.run_in_frame(lambda: self.block(node.body))
        raised = pending.pop("raise", None)
        normal = pending.pop("", None)
        if node.orelse is not None and normal is not None:
            orelse = node.orelse
            self.resume(normal)
            inner = self.run_in_frame(lambda: self.block(orelse.body))
            normal = inner.pop("", None)
            for kind, state in inner.items():
                pending[kind] = meet(pending.get(kind), state)
        for handler in node.handlers:
            if raised is None:
                continue
            self.resume(raised.copy())
            for tell in self.watch.caught:
                tell(handler)
            inner = self.run_in_frame(partial(self.block, handler.body))
            normal = meet(normal, inner.pop("", None))
            for kind, state in inner.items():
                pending[kind] = meet(pending.get(kind), state)
        if raised is not None:
            pending["raise"] = meet(pending.get("raise"), raised)
        pending[""] = normal
        return pending

    def _match(self, node: cst.Match) -> None:
        self.value(node.subject)
        before = self.state.copy()
        ends: State | None = before.copy()
        for case in node.cases:
            self.resume(before.copy())
            if case.guard is not None:
                self.value(case.guard)
            self.block(case.body)
            ends = meet(ends, self.state if self.reached else None)
        self.resume(ends)

    # -- expressions that the statements decide ------------------------------------------------

    def other(self, node: cst.CSTNode) -> Value:
        if isinstance(node, cst.Yield):
            return self._yield(node)
        return super().other(node)

    def _yield(self, node: cst.Yield) -> Value:
        value: Value = UNKNOWN
        if isinstance(node.value, cst.From):
            self.value(node.value.item)
        elif node.value is not None:
            value = self.value(node.value)
            if isinstance(value, Resource):
                self._yielded = self.state.condition(id(value.site))
        for tell in self.watch.yielded:
            tell(value, node)
        self.may_raise()
        return UNKNOWN


_STATEMENTS: dict[type, Callable[[Any, Any], None]] = {
    cst.Expr: Interpreter._expr,
    cst.Assign: Interpreter._assign,
    cst.AnnAssign: Interpreter._ann_assign,
    cst.AugAssign: Interpreter._aug_assign,
    cst.Return: Interpreter._return,
    cst.Raise: Interpreter._raise,
    cst.Break: Interpreter._break,
    cst.Continue: Interpreter._continue,
    cst.Pass: Interpreter._nothing,
    cst.TypeAlias: Interpreter._nothing,
    cst.FunctionDef: Interpreter._nothing,
    cst.ClassDef: Interpreter._nothing,
    cst.Import: Interpreter._nothing,
    cst.ImportFrom: Interpreter._nothing,
    cst.Global: Interpreter._nothing,
    cst.Nonlocal: Interpreter._nothing,
    cst.If: Interpreter._if,
    cst.While: Interpreter._while,
    cst.For: Interpreter._for,
    cst.With: Interpreter._with,
    cst.Try: Interpreter._try,
    cst.TryStar: Interpreter._try,
    cst.Match: Interpreter._match,
}
