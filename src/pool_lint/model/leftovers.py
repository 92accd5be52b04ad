"""What stays on a connection when it goes back to its pool, as watched while following a function.

A setting and a temporary table stay where their transaction was committed; a lock stays whatever
became of the transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import settings_sql as table
from pool_lint.model.creations import constant
from pool_lint.model.engines import engine_of
from pool_lint.model.sql_text import Statement, function_called, statement_of
from pool_lint.model.values import (
    CONNECTION,
    ENGINE,
    FACTORY,
    SESSION,
    Foreign,
    Function,
    Manager,
    Method,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.flow import Flow
    from pool_lint.model.states import Condition, State

_RUNNING = frozenset(("execute", "scalar", "scalars", "exec", "exec_driver_sql", "stream"))
_PARTING = frozenset(("detach", "invalidate"))
_POOLS = (None, "QueuePool", "AsyncAdaptedQueuePool", "FallbackAsyncAdaptedQueuePool")
# What hardly ever raises, and is no reason to unlock in a ``finally``.
_HARMLESS = frozenset(("print", "info", "debug", "warning", "error", "exception", "text", "select"))


class Left:
    """What the next user of a connection finds.

    Attributes:
        node: the call that left it.
        what: a setting, a lock, a temporary table or a subscription.
        name: of the setting.
        statement: its text, where it is written out.
        until: the commit that made it last, or the ``yield`` that hands it on; None for a lock.
        in_between: what may fail before the lock is given back, if that is all that is wrong.
    """

    __slots__ = ("in_between", "name", "node", "statement", "until", "what")

    def __init__(
        self, node: cst.CSTNode, done: table.Lasting, statement: Statement | None,
        until: cst.CSTNode | None = None, in_between: cst.CSTNode | None = None,
    ) -> None:  # fmt: skip
        self.node = node
        self.what = done.what
        self.name = done.name
        self.statement = statement
        self.until = until
        self.in_between = in_between


class Done:
    """What a function does to the connection of a resource that it was given."""

    __slots__ = ("done", "node", "site", "statement")

    def __init__(
        self, site: int, node: cst.CSTNode, done: table.Lasting, statement: Statement | None
    ) -> None:
        self.site = site
        self.node = node
        self.done = done
        self.statement = statement


class LeftoverWatcher(Watcher):
    """Finds what stays on a connection."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._names = flow.lookup.names
        self._done: dict[str, Done] = {}
        self._resources: dict[int, Resource] = {}
        self._kept: dict[str, cst.CSTNode] = {}
        self._undone: dict[tuple[int, str], list[cst.CSTNode]] = {}
        self._during: dict[str, cst.CSTNode] = {}
        self._gone: set[int] = set()

    # -- what happens --------------------------------------------------------------------------

    def method(self, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
        if subject.kind not in (SESSION, CONNECTION) or not isinstance(node, cst.Call):
            return
        if name in _PARTING:
            self._gone.add(id(subject.site))
        if name not in _RUNNING or not node.args:
            return
        written = node.args[0].value
        statement = statement_of(written, self.flow.scope, self.flow.lookup)
        done = table.lasting(statement.text) if statement is not None else function_called(written)
        if done is not None:
            self._do(subject, Done(id(subject.site), node, done, statement))

    def helped(
        self, subject: Resource, inner: Resource, function: Function, node: cst.Call
    ) -> None:
        if function.info.names is not self._names:
            return
        for event in self.flow.summary(function.info).events.noted(Done):
            if event.site == id(inner.site):
                self._do(subject, Done(id(subject.site), event.node, event.done, event.statement))

    def _do(self, subject: Resource, done: Done) -> None:
        site, what = id(subject.site), done.done
        self._resources[site] = subject
        self.flow.events.note((site, id(done.node)), done)
        if what.undone:
            self._undone.setdefault((site, what.what), []).append(done.node)
            for word, other in self._done.items():
                if other.site == site and _same(other.done, what):
                    self.flow.state.note(("left", word), "")
            return
        word = f"{site} {id(done.node)}"
        self._done[word] = done
        self.flow.state.note(("left", word), "left")

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if effect == "commit":
            self._committed(subject, node)

    def left(self, value: Value, node: cst.BaseExpression, block: cst.With, kind: str) -> None:
        if kind == "raise" or not isinstance(value, Manager) or value.method != "begin":
            return
        subject = value.subject
        if subject is not None and subject.kind in (ENGINE, FACTORY):
            subject = value.entered if isinstance(value.entered, Resource) else None
        if subject is not None:
            self._committed(subject, node)

    def _committed(self, subject: Resource, node: cst.CSTNode) -> None:
        for word, done in self._done.items():
            if done.site == id(subject.site) and "left" in self.flow.state.fact(("left", word)):
                self._kept.setdefault(word, node)

    def yielded(self, value: Value, node: cst.Yield) -> None:
        if isinstance(value, Resource):
            if id(value.site) in self.flow.local and value.kind == SESSION:
                self._committed(value, node)
            self._lend(value)

    def returned(self, value: Value, node: cst.Return) -> None:
        self._lend(value)

    def bound(self, target: cst.BaseExpression, value: Value) -> None:
        if not isinstance(target, cst.Name):
            self._lend(value)

    def _lend(self, value: Value) -> None:
        """Others get the resource, who may unlock what is locked."""
        if isinstance(value, Resource):
            self._undone.setdefault((id(value.site), table.LOCK), [])

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        word = name.value if isinstance(name, cst.Name) else ""
        for key, done in self._done.items():
            if done.done.what != table.LOCK or self._line(node) is self._line(done.node):
                continue
            if "left" in self.flow.state.fact(("left", key)) and word not in _HARMLESS:
                self._during.setdefault(key, node)
        if not isinstance(callee, (Method, Function, Foreign)):
            for value in values:
                self._lend(value)

    # -- what is made of it --------------------------------------------------------------------

    def ended(self, ends: dict[str, State | None]) -> None:
        end = ends.get("")
        for word, done in self._done.items():
            subject = self._resources[done.site]
            if done.site in self._gone or not _is_pooled(subject, done.done):
                continue
            if done.done.what == table.LOCK:
                self._judge_lock(word, done, end)
            elif word in self._kept and not self._is_undone(word, done):
                event = Left(done.node, done.done, done.statement, self._kept[word])
                self.flow.events.note(id(done.node), event)

    def _is_undone(self, word: str, done: Done) -> bool:
        """Whether it is taken back somewhere, or given another value, which may be the old one."""
        if (done.site, done.done.what) in self._undone:
            return True
        return any(
            other.site == done.site and key != word and _same(other.done, done.done)
            for key, other in self._done.items()
        )

    def _judge_lock(self, word: str, done: Done, end: State | None) -> None:
        if done.site not in self.flow.local:
            return
        undone = self._undone.get((done.site, table.LOCK))
        if undone is None:
            self.flow.events.note(id(done.node), Left(done.node, done.done, done.statement))
            return
        if any(self._names.enclosing(node, cst.Finally, cst.ExceptHandler) for node in undone):
            return
        lines = [self._line(node) for node in undone]
        between = self._during.get(word)
        if undone and between is not None and not any(self._line(between) is one for one in lines):
            event = Left(done.node, done.done, done.statement, None, between)
            self.flow.events.note(id(done.node), event)

    def _line(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self._names.enclosing(node, cst.BaseSmallStatement, cst.BaseCompoundStatement)


def _same(first: table.Lasting, second: table.Lasting) -> bool:
    if first.what != second.what:
        return False
    return first.name == second.name or table.ALL in (first.name, second.name)


def _is_pooled(subject: Resource, done: table.Lasting) -> bool:
    """Whether a connection goes back to a pool of PostgreSQL's, and with its transaction's end."""
    engine = engine_of(subject)
    # Other servers have temporary tables too.
    is_plain = done.certain and done.what != table.TABLE
    if engine is None:
        return is_plain
    if engine.pool_class() not in _POOLS or "pool" in engine.keywords:
        return False
    prefix = engine.url_prefix
    if prefix is not None and not prefix.startswith(("postgres", "cockroach")):
        return False
    if done.what != table.LOCK and constant(engine.keywords.get("isolation_level")) == "AUTOCOMMIT":
        return False
    return is_plain or prefix is not None
