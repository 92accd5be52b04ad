"""Coroutines that plain functions run in event loops of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import event_loops as table
from pool_lint.model.checkouts import Ran
from pool_lint.model.values import Bundle, Coroutine, Deferred, Foreign, Function, Origin, Value
from pool_lint.model.watching import Watcher
from pool_lint.syntax.looping import runs_coroutines
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow

# What is no longer the loop of its name, or never had one; a fact is empty where nothing has run.
_GONE = "gone"


class LoopRun:
    """A call that runs coroutines in an event loop.

    Attributes:
        node: the call.
        rans: the functions whose coroutines run.
        inner: for a call of a helper, what runs them in it.
        is_bridge: whether it is one that looks for a running loop before it makes one.
    """

    __slots__ = ("inner", "is_bridge", "node", "rans")

    def __init__(
        self, node: cst.Call, rans: list[Ran], inner: cst.Call | None = None, bridge: bool = False
    ) -> None:
        self.node = node
        self.rans = rans
        self.inner = inner
        self.is_bridge = bridge


class Again:
    """Two runs, one after the other, in two loops; both may be the same call in a Python loop."""

    __slots__ = ("first", "second")

    def __init__(self, first: LoopRun, second: LoopRun) -> None:
        self.first = first
        self.second = second


class RunsGiven:
    """A function runs a coroutine in a new event loop that it is given, or a function's."""

    __slots__ = ("node", "param")

    def __init__(self, node: cst.Call, param: cst.Param) -> None:
        self.node = node
        self.param = param


class LoopWatcher(Watcher):
    """Notes what is run in event loops, and what in two of them on one path."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._runs: dict[int, LoopRun] = {}
        self._loops: dict[int, str] = {}

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if isinstance(callee, Origin):
            path = callee.path
            if path in table.MAKERS:
                self._renew(node)
            elif path in table.CALLING_RUNNERS:
                self._run_function(node, path)
            elif values and path in table.RUNNERS:
                self._run(node, values[0], _GONE)
            elif values and path in table.METHODS:
                name = self._local_loop(node)
                if name is not None:
                    self._run(node, values[0], name)
        elif isinstance(callee, (Function, Foreign)) and any(
            isinstance(value, (Coroutine, Deferred)) for value in values
        ):
            self._helped(callee, node)

    def _local_loop(self, node: cst.Call) -> str | None:
        """The name of the loop, if each call of the function makes a new one."""
        owner = node.func.value if isinstance(node.func, cst.Attribute) else None
        name = owner.value if isinstance(owner, cst.Name) else None
        return name if name is not None and name in self.flow.scope.names else None

    def _renew(self, node: cst.Call) -> None:
        """Another loop gets the name of one in which something may have run."""
        parent = self.flow.lookup.names.parents.get(id(node))
        name: str | None = None
        if isinstance(parent, cst.Assign):
            name = dotted(parent.targets[0].target)
        elif isinstance(parent, cst.WithItem) and parent.asname is not None:
            name = dotted(parent.asname.name)
        for key, loop in self._loops.items():
            if loop == name and self.flow.state.fact(("run", key)) != {""}:
                self.flow.state.note(("run", key), _GONE)

    def _run_function(self, node: cst.Call, path: str) -> None:
        """``anyio.run(function)``, ``async_to_sync(function)()``."""
        is_bridge = path == f"{table.BRIDGE}()"
        call = node.func if is_bridge else node
        if not isinstance(call, cst.Call) or len(call.args) != 1:
            return
        value = self.flow.callee_value(call.args[0].value)
        if isinstance(value, (Function, Foreign)):
            self._note(LoopRun(node, [Ran(value, node)], bridge=is_bridge), _GONE)

    def _run(self, node: cst.Call, value: Value, loop: str) -> None:
        rans = list(_rans(value))
        if rans:
            self._note(LoopRun(node, rans), loop)
            return
        given: cst.BaseExpression = node.args[0].value
        if isinstance(given, cst.Call):
            given = given.func
        info = self.flow.info
        name = given.value if isinstance(given, cst.Name) else None
        for param in info.params if info is not None else ():
            if param.name.value == name:
                self.flow.events.note(id(param), RunsGiven(node, param))

    def _helped(self, callee: Function | Foreign, node: cst.Call) -> None:
        if isinstance(callee, Foreign) and not runs_coroutines(callee.part.text):
            return
        known = self.flow.lookup.known(callee)
        if not isinstance(known, Function) or known.info.is_async:
            return
        for event in self.flow.summary(known.info).events.noted(RunsGiven):
            argument = known.info.argument_of(event.param, node)
            if argument is not None:
                value = self.flow.given(argument)
                if isinstance(value, Deferred):
                    body = value.node.body
                    scope = self.flow.lookup.names.scope_at(body)
                    value = self.flow.lookup.expression(body, scope)
                rans = list(_rans(value))
                if rans:
                    self._note(LoopRun(node, rans, event.node), _GONE)

    def _note(self, run: LoopRun, loop: str) -> None:
        key = id(run.node)
        run = self._runs.setdefault(key, run)
        self._loops[key] = loop
        self.flow.events.note(key, run)
        if self.flow.unwinding:
            return
        for other in tuple(self._runs):
            loops = self.flow.state.fact(("run", other)) - {""}
            if loops - ({loop} - {_GONE}):
                self.flow.events.note((other, key), Again(self._runs[other], run))
        self.flow.state.note(("run", key), loop)


def _rans(value: Value) -> Iterator[Ran]:
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, Coroutine) and one.function is not None:
            yield Ran(one.function, one.call)
        elif isinstance(one, Bundle):
            pending += one.items
