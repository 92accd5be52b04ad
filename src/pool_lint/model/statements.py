"""Statement by statement through a function, each on all of its paths."""

from __future__ import annotations

from collections.abc import Callable
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
from pool_lint.model.assignments import bind, forget, given
from pool_lint.model.conditions import KINDS
from pool_lint.model.deciding import decide
from pool_lint.model.events import SlowCall
from pool_lint.model.handing import HandingOver
from pool_lint.model.names import FunctionInfo
from pool_lint.model.paths import Frame, Paths
from pool_lint.model.slow_calls import label, style_of
from pool_lint.model.states import State, meet
from pool_lint.model.values import (
    UNKNOWN,
    Coroutine,
    Origin,
    Resource,
    Stream,
    Value,
)  # fmt: skip
from pool_lint.syntax.room import with_room

if TYPE_CHECKING:
    from pool_lint.model.deciding import Ways
    from pool_lint.model.module import ModuleModel

_LOOK = 8


class Statements(Paths):
    """A flow that runs statements."""

    def __init__(self, model: ModuleModel, info: FunctionInfo) -> None:
        super().__init__(model, info)
        self._nesting = 0
        self.handing = HandingOver(self)

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
        self.handing.returned(value)
        self.leave("return")

    def do_raise(self, node: cst.Raise) -> None:
        """``raise``."""
        if node.exc is not None:
            self.value(node.exc)
        if node.cause is not None:
            self.value(node.cause.item)
        for tell in self.watch.raised:
            tell(node)
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
        ends = Frame()
        current: cst.If | cst.Else | None = node
        while isinstance(current, cst.If) and self.reached:
            yes, no = decide(self, current.test)
            self.resume(yes)
            if self.reached:
                self.block(current.body)
            if self.reached:
                ends.add("", self.state)
            self.resume(no)
            current = current.orelse
        if current is not None and self.reached:
            self.block(current.body)
        self.resume(meet(ends.pending.get(""), self.here))

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
            self.resumed(value, node.iter)
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

    def resumed(self, value: Value, node: cst.BaseExpression) -> None:
        """A generator of the project runs where its values are taken, not where it is made."""
        if isinstance(value, Stream) and value.function is not None and isinstance(node, cst.Call):
            callees.called(self, value.function, node)


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
