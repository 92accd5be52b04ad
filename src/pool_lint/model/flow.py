"""Follow a function: expressions in the order of execution, and what they do to resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import leaving
from pool_lint.knowledge import slow as table
from pool_lint.model import (
    callees,
    closures,
    effects,
    handing,
    misuse,
    operations,
    slow_calls,
    stacks,
)
from pool_lint.model.analysis import Events
from pool_lint.model.conditions import KINDS
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
    Deferred,
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
    from pool_lint.model.told_by_outcome import Outcome, Refusal

_LOCAL_CALLS = frozenset(
    ("print", "isinstance", "getattr", "hasattr", "len", "str", "super", "type")
)


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
        self.letters: dict[int, int] = {}
        self.slow_calls: dict[int, SlowCall] = {}
        self.later: dict[int, Later] = {}
        # By the session and the call, and by the ``raise``: what told_by_outcome asks.
        self.outcomes: dict[tuple[int, int], tuple[cst.Call, dict[int, Outcome]]] = {}
        self.refusals: dict[tuple[int, int], Refusal] = {}
        # In a ``finally`` that is on its way out with an exception: cleaning up is all there is left.
        self.unwinding = False
        # What has been entered on each ``ExitStack``, and how it is left.
        self.stacks: dict[str, dict[int, effects.Leave]] = {}
        self.running: set[int] = set()
        self.lambda_calls: dict[int, int] = {}
        self._free_words: dict[int, list[str]] = {}
        self._given: dict[int, Value] = {}
        # How the ``with`` block is being left whose end is happening: "" for normally.
        self.leaving = ""
        self._callees: dict[int, Value] = {}
        self._kept: dict[int, tuple[Coroutine, cst.CSTNode]] = {}
        self._taken: set[int] = set()

    def summary(self, info: FunctionInfo) -> Analysis:
        """What another function does for this one."""
        return self.model.analysis(info)

    # -- values --------------------------------------------------------------------------------

    def other(self, node: cst.CSTNode) -> Value:
        for child in children(node):
            self.value(child)
        return UNKNOWN

    def given(self, node: cst.CSTNode) -> Value:
        """What an argument of a call was when it was evaluated; that is not done a second time."""
        known = self._given.get(id(node))
        return self.value(node) if known is None else known

    def free_words(self, info: FunctionInfo) -> list[str]:
        """The names that a function in this one uses and does not bind."""
        found = self._free_words.get(id(info))
        if found is None:
            found = self._free_words[id(info)] = closures.free_words(info)
        return found

    def name(self, node: cst.Name) -> Value:
        value = self.peek(node)
        if isinstance(value, Coroutine):
            self._kept.pop(id(value.call), None)
            self._taken.add(id(value.call))
        return value

    def peek(self, node: cst.Name) -> Value:
        """A name's value, without using it up."""
        word = node.value
        value: Value | None = self.state.env.get(word)
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
        base = self.used(node.value, "attribute")
        for tell in self.watch.read:
            tell(base, node)
        if isinstance(base, Entity) and base.expired is not None:
            if node.attr.value == "awaitable_attrs":
                self._refreshed(node.value, base)
            else:
                self._read_expired(node, base)
        return operations.attribute(base, node, self.lookup, self.scope)

    def subscript(self, node: cst.Subscript) -> Value:
        base = self.used(node.value, "subscript")
        for tell in self.watch.read:
            tell(base, node)
        return self.item(base, node)

    def function(self, node: cst.Lambda) -> Value:
        closures.defaults(self, node.params)
        return Deferred(node)

    def negation(self, node: cst.UnaryOperation) -> Value:
        if isinstance(node.operator, cst.Not):
            self.used(node.expression, "truth")
            return UNKNOWN
        return super().negation(node)

    def used(self, node: cst.CSTNode, how: str) -> Value:
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
            if coroutine.method == "commit" and effects.expires(coroutine.subject):
                # Whoever awaits it at last will have to know what else the commit does.
                self.state.expire(id(coroutine.subject.site), coroutine.call)
        event = Dropped(coroutine, how, use, self.info)
        self.events.dropped.setdefault(id(coroutine.call), event)

    def keep(self, value: Value, node: cst.CSTNode) -> None:
        """A coroutine is bound to a name: it must be used before the end."""
        is_lost = isinstance(value, Coroutine) and value.subject is not None
        if is_lost and isinstance(value, Coroutine) and id(value.call) not in self._taken:
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
        known = {id(arg.value): value for arg, value in zip(node.args, values, strict=True)}
        self._given.update(known)
        outer = self._known
        self._known = {**outer, **known} if outer else known
        self._known.pop(id(node), None)
        try:
            result = operations.call(callee, node, self)
            gives_back = effects.gives_back_at_any_rate(callee)
            if not gives_back:
                self.may_raise()
            self._take_effect(callee, node, result, values)
            for tell in self.watch.called:
                tell(callee, node, values, result)
        finally:
            self._known = outer
        if isinstance(callee, Deferred):
            result = closures.run_lambda(self, callee, values, certain=True)
        if not (_is_made_by(node, result) or (gives_back and isinstance(result, Coroutine))):
            # Had it failed to make the connection, there would be none.
            self.may_raise()
        self._stop_after(callee, node)
        return self._begun_by_call(node, result)

    def _stop_after(self, callee: Value, node: cst.Call) -> None:
        """Calls that never return end the path."""
        path = callee.path if isinstance(callee, Origin) else ""
        if path in leaving.ABRUPT:
            self.leave("")
        elif path in leaving.RAISING or (
            isinstance(node.func, cst.Name)
            and node.func.value in leaving.RAISING_BUILTINS
            and self.scope.find(node.func.value) is None
        ):
            self.leave("raise")

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
        if isinstance(result, Manager) and result.method == "transaction":
            parent = self.lookup.names.parents.get(id(node))
            if isinstance(parent, (cst.Assign, cst.AnnAssign)):
                return result.entered
        return result

    def _take_effect(
        self, callee: Value, node: cst.Call, result: Value, values: list[Value]
    ) -> None:
        if isinstance(callee, Method):
            misuse.called(self, callee, node, result)
            effects.method_called(self, callee, node, result)
        elif isinstance(callee, (Function, Foreign)):
            closures.hand_to_known(self, values, node)
            if not isinstance(result, (Coroutine, Manager, Stream)):
                callees.called(self, callee, node)
        elif isinstance(callee, Origin):
            self._library_called(callee, node, values, result)
        elif isinstance(result, Resource) and not isinstance(callee, Resource):
            effects.create(self, result)
        elif isinstance(callee, Resource):
            if isinstance(result, Resource) and result is not callee:
                effects.create(self, result)
        elif isinstance(callee, (Class, Inert)):
            closures.hand_to_known(self, values, node)
        elif not isinstance(callee, Deferred):
            self._stranger_called(node, values)
        if isinstance(result, Resource) and isinstance(callee, (Function, Foreign)):
            self._made_by_helper(result, callee, node)

    def _made_by_helper(self, result: Resource, callee: Function | Foreign, node: cst.Call) -> None:
        is_new = id(result.site) not in self.state.conditions or result.site is node
        if isinstance(result.site, cst.Call) and is_new:
            handing.made(self, result, callee)

    def _library_called(
        self, callee: Origin, node: cst.Call, values: list[Value], result: Value
    ) -> None:
        path = callee.path
        if stacks.called(self, node, values):
            return
        if isinstance(result, Resource):
            effects.create(self, result)
            if isinstance(callee, Named) and result.kind == SESSION:
                # Nobody can see whether it has begun something already.
                self.state.put(id(result.site), UNSEEN_CONDITION)
            return
        if path in table.THREAD_RUNNERS:
            misuse.run_in_thread(self, values)
            # In the other thread the same code is something else: it does not stop the loop.
            closures.hand_to_known(self, values, node)
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
        name = node.func.value if isinstance(node.func, cst.Name) else ""
        if name in closures.CALLING_BUILTINS and self.scope.find(str(name)) is None:
            self._run_lambdas(values)
            values = [value for value in values if not isinstance(value, Deferred)]
        if name and self.scope.names.get(str(name)):
            closures.one_of_several_called(self, str(name))
        for value in values:
            if isinstance(value, Coroutine):
                self._hand_on(value)
            else:
                closures.hand_on(self, value, node)

    def _run_lambdas(self, values: list[Value]) -> None:
        """What is given to somebody who calls it, for all we know, before he returns."""
        for value in values:
            if isinstance(value, Deferred):
                closures.run_lambda(self, value, (), certain=False)

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
        made = operations.awaited(value)
        if not _is_made_by(inner, made):
            self.may_raise()
        return made

    def _run_coroutine(self, coroutine: Coroutine) -> None:
        if coroutine.function is not None:
            callees.called(self, coroutine.function, coroutine.call)
            made = coroutine.result
            if isinstance(made, Resource) and made.site is coroutine.call:
                handing.made(self, made, coroutine.function)
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

    def leave(self, kind: str) -> None:
        """The current path ends here and goes on elsewhere; nowhere if ``kind`` is empty."""

    def rejoin(self, before: State) -> None:
        """What happened since ``before`` may have happened, or not."""


def _is_made_by(call: cst.CSTNode, value: Value) -> bool:
    """Whether a call has opened what it gives: had it failed, there would be none."""
    if not isinstance(value, Resource) or value.kind not in KINDS or value.site is not call:
        return False
    return value.owner is None or value.owner.kind != SESSION
