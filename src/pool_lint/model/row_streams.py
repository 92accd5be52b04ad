"""Rows that are fetched bit by bit, and commits that come in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import statement_kinds
from pool_lint.model.callees import argument
from pool_lint.model.durability import MYSQL, SQLITE, database_of
from pool_lint.model.fates import COMMITTED, UNDONE, Followed
from pool_lint.model.values import (
    CONNECTION,
    QUERY,
    RESULT,
    SESSION,
    Method,
    Resource,
    Statement,
)  # fmt: skip
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.flow import Flow
    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.states import Condition
    from pool_lint.model.values import Function, Value

_STREAM = "stream"
_LIVE = "live"
_DEAD = "dead"
_ALWAYS = frozenset(("stream", "stream_scalars"))
_SOMETIMES = frozenset(("execute", "scalars", "exec"))
_FETCHING = frozenset(
    ("fetchmany", "fetchone", "fetchall", "all", "first", "one", "one_or_none", "scalar")
)
_OTHER = (SQLITE, MYSQL)


class BrokenStream:
    """Rows that are to be fetched after the transaction of their cursor has ended.

    Attributes:
        commits: what ends it: the first is a commit, a rollback or a call of what makes one.
        stream: what has begun to fetch.
        fetch: the loop or call that goes on fetching.
        subject: the session or connection.
        function: the function it happens in.
    """

    __slots__ = ("commits", "fetch", "function", "stream", "subject")

    def __init__(
        self, commits: list[cst.CSTNode], stream: cst.CSTNode, fetch: cst.CSTNode,
        subject: Resource, function: FunctionInfo | None,
    ) -> None:  # fmt: skip
        self.commits = commits
        self.stream = stream
        self.fetch = fetch
        self.subject = subject
        self.function = function


class Streams(Watcher):
    """Follows the results of one function whose rows come bit by bit."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._streams: dict[int, tuple[Resource, cst.CSTNode]] = {}
        self._killed: dict[int, dict[int, cst.CSTNode]] = {}
        self._loops: dict[int, int] = {}

    # -- what streams --------------------------------------------------------------------------

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if not isinstance(callee, Method):
            return
        subject = callee.subject
        if subject.kind == QUERY and callee.name == "yield_per" and subject.owner is not None:
            self._open(subject.owner, node)
        elif subject.kind == RESULT and callee.name in _FETCHING:
            self._fetch(id(subject.site), node)

    def _takes_stream(self, node: cst.Call) -> bool:
        given = statement_kinds.argument(node)
        value = self.flow.given(given) if given is not None else None
        return isinstance(value, Statement) and value.streams

    def method(self, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
        if subject.kind not in (SESSION, CONNECTION) or not isinstance(node, cst.Call):
            return
        if isinstance(result, Resource) and self._streams_rows(subject, name, node):
            self._open(subject, node)

    def _streams_rows(self, subject: Resource, name: str, node: cst.Call) -> bool:
        return name in _ALWAYS or (
            name in _SOMETIMES and subject.is_async is not True and self._takes_stream(node)
        )

    def _open(self, subject: Resource, node: cst.CSTNode) -> None:
        if id(node) not in self._streams:
            if database_of(subject, self.flow.lookup) in _OTHER:
                return
            self._streams[id(node)] = (subject, node)
        self.flow.state.note((_STREAM, id(node)), _LIVE)

    # -- what ends it --------------------------------------------------------------------------

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if effect in ("commit", "rollback"):
            self._kill(subject, node)

    def ran(self, function: Function, node: cst.Call) -> None:
        if not self._streams:
            return
        for followed in self.flow.summary(function.info).events.noted(Followed):
            for fate in followed.fates:
                given = argument(self.flow, function, fate.subject, node)
                if isinstance(given, Resource) and fate.words <= {COMMITTED, UNDONE}:
                    self._kill(given, node)

    def _kill(self, subject: Resource, node: cst.CSTNode) -> None:
        state = self.flow.state
        for site, (owner, _) in self._streams.items():
            if owner.site is subject.site and _LIVE in state.fact((_STREAM, site)):
                state.note((_STREAM, site), _DEAD)
                self._killed.setdefault(site, {})[id(node)] = node

    # -- what goes on --------------------------------------------------------------------------

    def iterated(self, value: Value, node: cst.For) -> None:
        if isinstance(value, Resource) and value.kind == RESULT:
            self._loops[id(node)] = id(value.site)
        elif id(node.iter) in self._streams:
            self._loops[id(node)] = id(node.iter)

    def bound(self, target: cst.BaseExpression, value: Value) -> None:
        loop = self.flow.lookup.names.parents.get(id(target)) if self._loops else None
        if isinstance(loop, cst.For) and loop.target is target and id(loop) in self._loops:
            self._fetch(self._loops[id(loop)], loop)

    def _fetch(self, site: int, node: cst.CSTNode) -> None:
        if _DEAD in self.flow.state.fact((_STREAM, site)) and site in self._streams:
            subject, stream = self._streams[site]
            commits = list(self._killed[site].values())
            event = BrokenStream(commits, stream, node, subject, self.flow.info)
            self.flow.events.note(site, event)
