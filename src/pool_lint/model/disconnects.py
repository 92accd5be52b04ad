"""Retries that wait for a lost connection, and for the wrong exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import failures
from pool_lint.model.catching import caught_by, retried_by
from pool_lint.model.engines import engine_of
from pool_lint.model.rounds import ends_with_success, is_attempted, is_within, loop_of
from pool_lint.model.values import (
    CONNECTION,
    SESSION,
    Coroutine,
    Foreign,
    Function,
    Manager,
    Origin,
    Resource,
    Stream,
    Value,
)  # fmt: skip
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pool_lint.model.flow import Flow
    from pool_lint.model.states import Condition, State

_WORK = frozenset(("sql", "refresh", "flush", "commit"))
_ASYNCPG = ("postgresql+asyncpg", "postgres+asyncpg")
# How many functions are looked into for one retry.
_MOST = 20
_LEAVING = (cst.Raise, cst.Return, cst.Break)


class DatabaseWork:
    """A function that asks a database; whether by asyncpg, as far as that is known."""

    __slots__ = ("by_asyncpg",)

    def __init__(self, by_asyncpg: bool | None) -> None:
        self.by_asyncpg = by_asyncpg


class Asked:
    """A function that another one calls, and that may ask a database."""

    __slots__ = ("function",)

    def __init__(self, function: Function | Foreign) -> None:
        self.function = function


class Uncaught:
    """A retry that a lost connection passes by.

    Attributes:
        node: the classes that are caught, as they are written.
        path: the class that was meant to catch it.
        work: what loses its connection.
    """

    __slots__ = ("node", "path", "work")

    def __init__(self, node: cst.BaseExpression, path: str, work: cst.CSTNode) -> None:
        self.node = node
        self.path = path
        self.work = work


class DisconnectWatcher(Watcher):
    """Finds the retries that a lost connection passes by."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._names = flow.lookup.names
        self._works: dict[int, tuple[cst.CSTNode, bool | None]] = {}
        self._asked: dict[int, tuple[cst.CSTNode, Function | Foreign]] = {}
        self._handlers: dict[int, cst.ExceptHandler] = {}
        self._blocks: dict[int, cst.With] = {}

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if effect in _WORK and subject.kind in (SESSION, CONNECTION):
            self._worked(node, _by_asyncpg(subject))

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if not isinstance(result, (Coroutine, Manager, Stream)):
            self._ask(callee, node)

    def awaited(self, value: Value, node: cst.Await) -> None:
        if isinstance(value, Coroutine):
            self._ask(value.function, node)

    def _ask(self, function: Value | None, node: cst.CSTNode) -> None:
        if isinstance(function, (Function, Foreign)):
            self._asked.setdefault(id(node), (node, function))
            self.flow.events.note(function.key, Asked(function))

    def _worked(self, node: cst.CSTNode, by_asyncpg: bool | None) -> None:
        self._works.setdefault(id(node), (node, by_asyncpg))
        self.flow.events.note(by_asyncpg, DatabaseWork(by_asyncpg))

    def _work_of(
        self, function: Function | Foreign, seen: set[int] | None = None
    ) -> Iterator[DatabaseWork]:
        """What a function, or those that it calls, asks a database; they are read for that."""
        seen = set() if seen is None else seen
        known = self.flow.lookup.known(function)
        if not isinstance(known, Function) or id(known.info) in seen or len(seen) >= _MOST:
            return
        seen.add(id(known.info))
        events = self.flow.summary(known.info).events
        yield from events.noted(DatabaseWork)
        for asked in events.noted(Asked):
            yield from self._work_of(asked.function, seen)

    def caught(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        if isinstance(handler, cst.ExceptHandler) and loop_of(handler, self._names) is not None:
            self._handlers.setdefault(id(handler), handler)

    def entered(self, value: Value, node: cst.BaseExpression, block: cst.With) -> None:
        if isinstance(value, Origin) and value.path in failures.ATTEMPTS:
            self._blocks.setdefault(id(block), block)

    def ended(self, ends: dict[str, State | None]) -> None:
        for handler in self._handlers.values():
            self._judge_handler(handler)
        for block in self._blocks.values():
            loop = loop_of(block, self._names)
            if isinstance(loop, cst.For) and isinstance(loop.iter, cst.Call):
                self._judge_library(loop.iter, block)
        info = self.flow.info
        for decorator in info.decorators if info is not None else ():
            if info is not None and isinstance(decorator, cst.Call):
                self._judge_library(decorator, info.node)

    def _judge_handler(self, handler: cst.ExceptHandler) -> None:
        attempt = self._names.parents.get(id(handler))
        if not isinstance(attempt, cst.Try) or handler.type is None or _leaves(handler):
            return
        if not ends_with_success(attempt, self._names):
            return
        caught = [caught_by(one, self.flow.scope, self.flow.lookup) for one in attempt.handlers]
        if any(one is None or any(map(failures.catches_disconnect, one)) for one in caught):
            return
        own = caught[attempt.handlers.index(handler)] or ()
        self._judge(handler.type, own, lambda node: is_attempted(node, handler, self._names))

    def _judge_library(self, call: cst.Call, region: cst.CSTNode) -> None:
        info = self.flow.info
        is_decorator = info is not None and region is info.node
        scope = info.outer if info is not None and is_decorator else self.flow.scope
        value = self.flow.lookup.expression(call.func, scope)
        path = value.path if isinstance(value, Origin) else ""
        if path not in failures.RETRY_DECORATORS and path not in failures.RETRY_LOOPS:
            return
        caught = retried_by(call, path, scope, self.flow.lookup)
        if caught is None or any(map(failures.catches_disconnect, caught)):
            return
        self._judge(call, caught, lambda node: is_within(node, region, self._names))

    def _judge(
        self,
        node: cst.BaseExpression,
        caught: Sequence[str],
        counts: Callable[[cst.CSTNode], bool],
    ) -> None:
        meant = next((path for path in caught if failures.means_disconnect(path)), None)
        if meant is None:
            return
        is_named = any(path.startswith("asyncpg") for path in (*caught, *self._names.imports))
        for work, by_asyncpg in self._all_work(counts):
            if by_asyncpg or (by_asyncpg is None and is_named):
                self.flow.events.note(id(node), Uncaught(node, meant, work))
                return

    def _all_work(
        self, counts: Callable[[cst.CSTNode], bool]
    ) -> Iterator[tuple[cst.CSTNode, bool | None]]:
        for node, by_asyncpg in self._works.values():
            if counts(node):
                yield node, by_asyncpg
        for node, function in self._asked.values():
            if counts(node):
                for work in self._work_of(function):
                    yield node, work.by_asyncpg


def _by_asyncpg(subject: Resource) -> bool | None:
    """Whether a session or connection talks to its server by asyncpg; None where nobody knows."""
    if subject.is_async is False:
        return False
    engine = engine_of(subject)
    prefix = engine.url_prefix if engine is not None else None
    return prefix.startswith(_ASYNCPG) if prefix is not None else None


def _leaves(handler: cst.ExceptHandler) -> bool:
    """Whether a handler ends by leaving the loop."""
    last = handler.body.body[-1] if handler.body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, _LEAVING)
