"""Handlers that wait for a pool to run dry, and for an exception that it does not raise then."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.catching import caught_by
from pool_lint.model.creations import POOL_ROLES
from pool_lint.model.time_limits import acquired, around, has_timeout, limits
from pool_lint.model.values import (
    Coroutine,
    Function,
    Manager,
    Resource,
    Value,
)
from pool_lint.model.watching import Watcher
from pool_lint.settings import is_before
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.flow import Flow
    from pool_lint.model.names import Scope
    from pool_lint.model.states import State

_REFUSED = "TooManyConnectionsError"
_BUILTIN = "TimeoutError"
_OWN = ("asyncio.TimeoutError", "asyncio.exceptions.TimeoutError", "async_timeout.TimeoutError")
_ALL = ("Exception", "BaseException", "builtins.Exception", "builtins.BaseException")
# What is the same class, or one above it, since Python 3.11.
_SINCE_311 = (_BUILTIN, "OSError", "IOError", "EnvironmentError", "concurrent.futures.TimeoutError")
_SINCE = (3, 11)


class Waiting:
    """A wait for a connection that may end in TimeoutError, which the function lets through."""

    __slots__ = ("node",)

    def __init__(self, node: cst.CSTNode) -> None:
        self.node = node


class Connecting:
    """Where the server itself is asked for a connection, and may refuse."""

    __slots__ = ("node",)

    def __init__(self, node: cst.CSTNode) -> None:
        self.node = node


class WrongHandler:
    """A handler that a pool's TimeoutError passes by.

    Attributes:
        handler: the handler.
        wait: what raises.
        is_builtin: whether it names TimeoutError, which is another class until Python 3.10.
        scope: where it stands.
    """

    __slots__ = ("handler", "is_builtin", "scope", "wait")

    def __init__(
        self, handler: cst.ExceptHandler, wait: cst.CSTNode, is_builtin: bool, scope: Scope
    ) -> None:
        self.handler = handler
        self.wait = wait
        self.is_builtin = is_builtin
        self.scope = scope


class TimedWaits(Watcher):
    """Follows TimeoutError from where a pool raises it to the handlers around."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._waits: dict[int, tuple[cst.CSTNode, bool]] = {}
        self._own: set[int] = set()
        self._connecting: set[int] = set()

    @cached_property
    def _is_old(self) -> bool:
        return is_before(self.flow.model.target("python"), _SINCE)

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if acquired(result, node) is not None:
            self._waits.setdefault(id(node), (node, has_timeout(node)))
            self._own.add(id(node))
        made = result.result if isinstance(result, Coroutine) else result
        creation = made.creation if isinstance(made, Resource) else None
        if creation is not None and creation.call is node and creation.role in POOL_ROLES:
            self._connects(node)
        if isinstance(result, Manager) and isinstance(result.function, Function):
            self._asks(result.function, node)

    def ran(self, function: Function, node: cst.Call) -> None:
        self._asks(function, node)

    def _asks(self, function: Function, node: cst.Call) -> None:
        events = self.flow.summary(function.info).events
        if events.noted(Waiting):
            self._waits.setdefault(id(node), (node, True))
        if events.noted(Connecting):
            self._connects(node)

    def _connects(self, node: cst.CSTNode) -> None:
        self.flow.events.note(id(node), Connecting(node))
        self._connecting.update(
            id(outer) for outer, _ in around(node, self.flow) if isinstance(outer, cst.Try)
        )

    def ended(self, ends: dict[str, State | None]) -> None:
        for node, is_timed in self._waits.values():
            self._judge(node, is_timed)

    def _judge(self, node: cst.CSTNode, is_timed: bool) -> None:
        wrong: WrongHandler | None = None
        for outer, part in around(node, self.flow):
            is_timed = is_timed or limits(outer, part, self.flow, raises=True)
            if not is_timed or not isinstance(outer, cst.Try) or outer.body is not part:
                continue
            caught = [caught_by(one, self.flow.scope, self.flow.lookup) for one in outer.handlers]
            if any(one is None or any(map(self._catches, one)) for one in caught):
                return
            if wrong is None and id(outer) not in self._connecting:
                wrong = self._wrong(node, outer, [one or () for one in caught])
        if wrong is not None:
            self.flow.events.note(id(wrong.handler), wrong)
        if is_timed:
            self.flow.events.note(id(node), Waiting(node))

    def _wrong(
        self, node: cst.CSTNode, block: cst.Try, caught: list[tuple[str, ...]]
    ) -> WrongHandler | None:
        for handler, paths in zip(block.handlers, caught, strict=True):
            if id(node) not in self._own and not _names_refusal(handler):
                continue
            is_builtin = self._is_old and _BUILTIN in paths
            if is_builtin or any(_is_refusal(path) for path in paths):
                return WrongHandler(handler, node, is_builtin, self.flow.scope)
        return None

    def _catches(self, path: str) -> bool:
        return path in _ALL or path in _OWN or (path in _SINCE_311 and not self._is_old)


def _names_refusal(handler: cst.ExceptHandler) -> bool:
    """Whether a handler says itself what it catches."""
    return handler.type is not None and any(
        isinstance(node, cst.Name) and node.value == _REFUSED for node in walk(handler.type)
    )


def _is_refusal(path: str) -> bool:
    return path.startswith("asyncpg.") and path.endswith(f".{_REFUSED}")
