"""Follow a function: expressions in the order of execution, and what they do to resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import slow as table
from pool_lint.model import callees, effects, misuse, operations, slow_calls
from pool_lint.model.analysis import Events
from pool_lint.model.evaluate import Evaluator
from pool_lint.model.events import Dropped, ExpiredRead, Later, SlowCall
from pool_lint.model.states import UNSEEN_CONDITION, State
from pool_lint.model.values import (
    CONNECTION,
    SESSION,
    UNKNOWN,
    Bundle,
    Class,
    Coroutine,
    Entity,
    Foreign,
    Function,
    Inert,
    Manager,
    Method,
    Named,
    Origin,
    Resource,
    Stream,
    Value,
)  # fmt: skip
from pool_lint.model.watchers import WATCHERS
from pool_lint.model.watching import Watch
from pool_lint.syntax.walk import children

if TYPE_CHECKING:
    from pool_lint.model.analysis import Analysis
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo, Scope

_LOCAL_CALLS = frozenset(
    ("print", "isinstance", "getattr", "hasattr", "len", "str", "super", "type")
)


class GaveUp(Exception):
    """A function is too twisted to be followed."""


class Flow(Evaluator):
    """The evaluator that knows where it is: it keeps the current state and records events."""

    def __init__(self, model: ModuleModel, info: FunctionInfo | None, scope: Scope) -> None:
        super().__init__(model.lookup, scope)
        self.model = model
        self.info = info
        self.local: set[int] = set()
        self.state = State(self.local)
        self.events = Events()
        self.resources: dict[int, Resource] = {}
        self.watch = Watch(WATCHERS, self)
        self.slow_calls: dict[int, SlowCall] = {}
        self.later: dict[int, Later] = {}
        self.budget = 0
        # In a ``finally`` that is on its way out with an exception: cleaning up is all there is left.
        self.unwinding = False
        self._arguments: dict[int, Value] = {}
        self._callees: dict[int, Value] = {}
        self._kept: dict[int, tuple[Coroutine, cst.CSTNode]] = {}

    def summary(self, info: FunctionInfo) -> Analysis:
        """What another function does for this one."""
        return self.model.analysis(info)

    # -- values --------------------------------------------------------------------------------

    def value(self, node: cst.CSTNode) -> Value:
        known = self._arguments.get(id(node))
        if known is not None:
            return known
        self.budget -= 1
        if self.budget < 0:
            raise GaveUp
        return super().value(node)

    def other(self, node: cst.CSTNode) -> Value:
        if isinstance(node, cst.Comparison):
            self._used(node.left, "truth")
        for child in children(node):
            self.value(child)
        return UNKNOWN

    def name(self, node: cst.Name) -> Value:
        value = self.peek(node)
        if isinstance(value, Coroutine):
            self._kept.pop(id(value.call), None)
        return value

    def peek(self, node: cst.Name) -> Value:
        """A name's value, without using it up."""
        word = node.value
        value = self.state.env.get(word)
        if value is not None:
            return value
        home = self.scope.find(word)
        if home is self.scope and home.kind == "function":
            for binding in home.names[word]:
                if binding.kind in ("parameter", "several", "import", "def", "class"):
                    return self.lookup.binding(binding)
            return UNKNOWN
        return super().name(node)

    def attribute(self, node: cst.Attribute) -> Value:
        base = self._used(node.value, "attribute")
        for tell in self.watch.read:
            tell(base, node)
        if isinstance(base, Entity) and base.expired is not None:
            if node.attr.value == "awaitable_attrs":
                self._refreshed(node.value, base)
            else:
                self._read_expired(node, base)
        return operations.attribute(base, node, self.lookup, self.scope)

    def subscript(self, node: cst.Subscript) -> Value:
        base = self._used(node.value, "subscript")
        for tell in self.watch.read:
            tell(base, node)
        return super().subscript(node)

    def negation(self, node: cst.UnaryOperation) -> Value:
        if isinstance(node.operator, cst.Not):
            self._used(node.expression, "truth")
            return UNKNOWN
        return super().negation(node)

    def _used(self, node: cst.CSTNode, how: str) -> Value:
        """A value that is used as if it were there; a coroutine is not."""
        value = self.peek(node) if isinstance(node, cst.Name) else self.value(node)
        if isinstance(value, Coroutine) and value.subject is not None:
            self.drop(value, how, node)
        return value

    def drop(self, coroutine: Coroutine, how: str, use: cst.CSTNode) -> None:
        """A coroutine is lost."""
        self._kept.pop(id(coroutine.call), None)
        if coroutine.subject is not None:
            misuse.dropped(self, coroutine.subject)
        event = Dropped(coroutine, how, use, self.info)
        self.events.dropped.setdefault(id(coroutine.call), event)

    def keep(self, value: Value, node: cst.CSTNode) -> None:
        """A coroutine is bound to a name: it must be used before the end."""
        if isinstance(value, Coroutine) and value.subject is not None:
            self._kept[id(value.call)] = (value, node)

    def drop_kept(self) -> None:
        """At the end, what was kept and never used is lost."""
        for coroutine, node in list(self._kept.values()):
            self.drop(coroutine, "assigned", node)

    def _refreshed(self, node: cst.CSTNode, base: Entity) -> None:
        """``await obj.awaitable_attrs.name`` reads what the commit has emptied again."""
        if isinstance(node, cst.Name):
            self.state.bind(node.value, Entity(base.session))

    def _read_expired(self, node: cst.Attribute, base: Entity) -> None:
        parent = self.lookup.names.parents.get(id(node))
        if isinstance(parent, cst.Call) and parent.func is node:
            return
        if isinstance(parent, (cst.AssignTarget, cst.Del)) or node.attr.value.startswith("__"):
            return
        if base.expired is not None:
            event = ExpiredRead(node, base.session, base.expired)
            self.events.expired.setdefault(id(base.session.site), event)

    # -- calls ---------------------------------------------------------------------------------

    def call(self, node: cst.Call) -> Value:
        callee = self.value(node.func)
        self._callees[id(node)] = callee
        values = [self.value(arg.value) for arg in node.args]
        outer = self._arguments
        self._arguments = {
            **outer,
            **{id(a.value): v for a, v in zip(node.args, values, strict=True)},
        }
        self._arguments.pop(id(node), None)
        try:
            result = operations.call(callee, node, self)
            self.may_raise()
            self._take_effect(callee, node, result, values)
            for tell in self.watch.called:
                tell(callee, node, values, result)
        finally:
            self._arguments = outer
        if not (isinstance(result, Resource) and result.site is node):
            # Had it failed to make the connection, there would be none.
            self.may_raise()
        return self._begun_by_call(node, result)

    def _begun_by_call(self, node: cst.Call, result: Value) -> Value:
        """A sync ``session.begin()`` begins when it is called, with or without a block."""
        if isinstance(result, Manager) and result.is_async is False and result.subject is not None:
            parent = self.lookup.names.parents.get(id(node))
            if (
                result.method in ("begin", "begin_nested")
                and isinstance(parent, (cst.Expr, cst.Assign, cst.AnnAssign))
                and result.subject.kind in (SESSION, CONNECTION)
            ):
                effects.await_manager(self, result)
                return result.entered
        return result

    def _take_effect(
        self, callee: Value, node: cst.Call, result: Value, values: list[Value]
    ) -> None:
        if isinstance(callee, Method):
            misuse.called(self, callee, node, result)
            effects.method_called(self, callee, node, result)
        elif isinstance(callee, (Function, Foreign)):
            if not isinstance(result, (Coroutine, Manager, Stream)):
                callees.called(self, callee, node)
        elif isinstance(callee, Origin):
            self._library_called(callee, node, values, result)
        elif isinstance(result, Resource) and not isinstance(callee, Resource):
            effects.create(self, result)
        elif isinstance(callee, Resource):
            if isinstance(result, Resource) and result is not callee:
                effects.create(self, result)
        elif not isinstance(callee, (Class, Inert)):
            self._stranger_called(node, values)
        if isinstance(result, Resource) and isinstance(callee, (Function, Foreign)):
            self._created_by_helper(result)

    def _created_by_helper(self, result: Resource) -> None:
        site = id(result.site)
        if isinstance(result.site, cst.Call) and site not in self.state.conditions:
            effects.create(self, result)

    def _library_called(
        self, callee: Origin, node: cst.Call, values: list[Value], result: Value
    ) -> None:
        path = callee.path
        if isinstance(result, Resource):
            effects.create(self, result)
            if isinstance(callee, Named) and result.kind == SESSION:
                # Nobody can see whether it has begun something already.
                self.state.put(id(result.site), UNSEEN_CONDITION)
            return
        if path in table.THREAD_RUNNERS:
            misuse.run_in_thread(self, values)
        elif path in table.FINISHERS:
            for value in values:
                self._hand_on(value)
        style = slow_calls.style_of(self, path, node)
        if style == table.BLOCKING or (style == table.EITHER and not self._is_awaited(node)):
            if not self._is_awaited(node):
                effects.slow(
                    self, SlowCall(node, table.BLOCKING, slow_calls.label(node, path), False, None)
                )
        elif not (
            path in table.RUNNERS
            or path in _LOCAL_CALLS
            or path.partition(".")[0] in table.LOCAL_ROOTS
        ):
            self._stranger_called(node, values)

    def _stranger_called(self, node: cst.Call, values: list[Value]) -> None:
        """Nobody can see what is called: it may do anything with what it was given."""
        for value in values:
            if isinstance(value, Coroutine):
                self._hand_on(value)
            else:
                callees.hand_over(self, value, node)

    def _hand_on(self, value: Value) -> None:
        """A coroutine that is handed on will be awaited by somebody."""
        if isinstance(value, Coroutine):
            self._run_coroutine(value)
        elif isinstance(value, Bundle):
            for item in value.items:
                self._hand_on(item)

    def _is_awaited(self, node: cst.CSTNode) -> bool:
        return isinstance(self.lookup.names.parents.get(id(node)), cst.Await)

    # -- await ---------------------------------------------------------------------------------

    def awaited(self, node: cst.Await) -> Value:
        inner = node.expression
        value = self.value(inner)
        if isinstance(value, Coroutine):
            self._run_coroutine(value)
        elif isinstance(value, Manager):
            effects.await_manager(self, value)
        elif isinstance(value, Bundle):
            for item in value.items:
                self._hand_on(item)
            slow_calls.await_work(self, inner, value.items)
        else:
            misuse.awaited(self, node)
            slow_calls.await_other(self, inner)
        for tell in self.watch.awaited:
            tell(value, node)
        self.may_raise()
        return operations.awaited(value)

    def _run_coroutine(self, coroutine: Coroutine) -> None:
        if coroutine.function is not None:
            callees.called(self, coroutine.function, coroutine.call)
        elif coroutine.subject is None:
            if isinstance(coroutine.result, Resource) and coroutine.result.site is coroutine.call:
                effects.create(self, coroutine.result)
        else:
            effects.run(self, coroutine.subject, coroutine.method, coroutine.call, coroutine.result)

    def callee(self, node: cst.Call) -> Value:
        """What a call calls, without evaluating anything a second time."""
        known = self._callees.get(id(node))
        return self.callee_value(node.func) if known is None else known

    def callee_value(self, node: cst.CSTNode) -> Value:
        """A name or dotted path as it is now."""
        if isinstance(node, cst.Name):
            return self.peek(node)
        if isinstance(node, cst.Attribute):
            base = self.callee_value(node.value)
            return operations.attribute(base, node, self.lookup, self.scope)
        if isinstance(node, cst.Call):
            callee = self.callee_value(node.func)
            return Origin(f"{callee.path}()") if isinstance(callee, Origin) else UNKNOWN
        return UNKNOWN

    def may_raise(self) -> None:
        """The state here is also a state that a handler may start from."""
