"""Loops that go round again after an error of the database, as watched while following a function.

A handler is only reached with what its ``try`` has done last; whether the next round finds the
session as the error has left it is a matter of the paths between the handler and the ``try``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import failures
from pool_lint.model.catching import caught_by, retried_by
from pool_lint.model.engines import engine_of, is_sqlite
from pool_lint.model.rounds import (
    comes_first,
    ends_with_success,
    is_attempted,
    is_within,
    loop_of,
)
from pool_lint.model.values import (
    CONNECTION,
    SESSION,
    Function,
    Manager,
    Method,
    Origin,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.flow import Flow
    from pool_lint.model.states import Condition, State

# What may fail, and leaves the transaction broken; what is only added fails when it is flushed.
_WORK = frozenset(("sql", "refresh", "flush", "commit", "add", "delete"))
_WRITES = frozenset(("flush", "commit"))
_ENDINGS = frozenset(("rollback", "close", "leave block", "leave block raised"))
# A function of such a name may well roll back, whatever it is given.
_TIDY_WORDS = ("rollback", "roll_back", "reset", "close", "abort", "recover", "renew", "reconnect")


class Worked:
    """What a function has done to a resource that was there before, for those who call it."""

    __slots__ = ("site", "writes")

    def __init__(self, site: int, writes: bool) -> None:
        self.site = site
        self.writes = writes


class Tidied:
    """A function that rolls back, or closes, what it has worked with."""

    __slots__ = ("site",)

    def __init__(self, site: int) -> None:
        self.site = site


class TriedAgain:
    """The next attempt finds a session as the failed one has left it.

    Attributes:
        node: the handler, or what stands for it: the decorator, the block of a retry library.
        work: what may fail.
        subject: the session or connection.
        handler: the handler that would have to roll back, if there is one.
        is_retry: whether the loop ends when an attempt has succeeded.
        is_helped: whether ``work`` is the call of a function that does it.
    """

    __slots__ = ("handler", "is_helped", "is_retry", "node", "subject", "work")

    def __init__(
        self, node: cst.CSTNode, work: cst.CSTNode, subject: Resource,
        handler: cst.ExceptHandler | None, is_retry: bool, is_helped: bool = False,
    ) -> None:  # fmt: skip
        self.node = node
        self.work = work
        self.subject = subject
        self.handler = handler
        self.is_retry = is_retry
        self.is_helped = is_helped


class RetryWatcher(Watcher):
    """Finds the retries that cannot succeed."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._names = flow.lookup.names
        self._nodes: dict[str, cst.CSTNode] = {}
        self._subjects: dict[int, Resource] = {}
        self._writes: dict[int, set[int]] = {}
        self._endings: dict[int, list[cst.CSTNode]] = {}
        self._helpers: list[tuple[cst.Call, frozenset[int]]] = []
        self._savepoints: dict[int, set[int]] = {}
        self._attempts: dict[int, tuple[cst.With, cst.BaseExpression]] = {}
        self._calls: set[int] = set()
        self._works: dict[int, dict[int, cst.CSTNode]] = {}
        self._again: dict[tuple[int, int], cst.CSTNode] = {}

    # -- what happens --------------------------------------------------------------------------

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if subject.kind not in (SESSION, CONNECTION):
            return
        if effect in _ENDINGS:
            self._ended(subject, node)
        elif effect in _WORK:
            self._worked(subject, node, effect in _WRITES)

    def helped(
        self, subject: Resource, inner: Resource, function: Function, node: cst.Call
    ) -> None:
        if subject.kind not in (SESSION, CONNECTION):
            return
        events = self.flow.summary(function.info).events
        site = id(inner.site)
        if any(event.site == site for event in events.noted(Tidied)):
            self._ended(subject, node)
            return
        for event in events.noted(Worked):
            if event.site == site:
                self._calls.add(id(node))
                self._worked(subject, node, event.writes)

    def _ended(self, subject: Resource, node: cst.CSTNode) -> None:
        site = id(subject.site)
        self._endings.setdefault(site, []).append(node)
        self.flow.state.note(("worked", site), "")
        self.flow.state.note(("failed", site), "")
        self.flow.events.note(site, Tidied(site))

    def _worked(self, subject: Resource, node: cst.CSTNode, writes: bool) -> None:
        site = id(subject.site)
        if self._in_savepoint(site, node):
            return
        self._subjects[site] = subject
        self._works.setdefault(site, {}).setdefault(id(node), node)
        if writes:
            self._writes.setdefault(site, set()).add(id(node))
        self._tried_again(site, node)
        self._nodes[str(id(node))] = node
        self.flow.state.note(("worked", site), str(id(node)))
        self.flow.events.note((site, writes), Worked(site, writes))

    def _tried_again(self, site: int, node: cst.CSTNode) -> None:
        """Whether a handler has led back here."""
        failed = self.flow.state.fact(("failed", site))
        for word in failed:
            handler = self._nodes.get(word)
            if isinstance(handler, cst.ExceptHandler) and (
                is_attempted(node, handler, self._names) or comes_first(node, handler, self._names)
            ):
                self._again.setdefault((id(handler), site), handler)
        self.flow.state.note(("failed", site), "")

    def caught(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        if not isinstance(handler, cst.ExceptHandler) or loop_of(handler, self._names) is None:
            return
        for site in self._works:
            words = self.flow.state.fact(("worked", site))
            if any(is_attempted(self._nodes[word], handler, self._names) for word in words if word):
                self._nodes[str(id(handler))] = handler
                self.flow.state.note(("failed", site), str(id(handler)))

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if isinstance(callee, Method):
            return
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        word = name.value.lower() if isinstance(name, cst.Name) else ""
        given = frozenset(id(value.site) for value in values if isinstance(value, Resource))
        if any(tidy in word for tidy in _TIDY_WORDS):
            self._helpers.append((node, frozenset()))
        elif given and not isinstance(callee, Function):
            self._helpers.append((node, given))

    def entered(self, value: Value, node: cst.BaseExpression, block: cst.With) -> None:
        if isinstance(value, Manager) and value.method == "begin_nested":
            if value.subject is not None:
                self._savepoints.setdefault(id(block), set()).add(id(value.subject.site))
        elif isinstance(value, Origin) and value.path in failures.ATTEMPTS:
            self._attempts.setdefault(id(block), (block, node))

    # -- what is made of it --------------------------------------------------------------------

    def ended(self, ends: dict[str, State | None]) -> None:
        for (_, site), handler in self._again.items():
            if isinstance(handler, cst.ExceptHandler):
                self._judge_handler(handler, self._subjects[site])
        for block, node in self._attempts.values():
            self._judge_attempts(block, node)
        if self.flow.info is not None and ends.get("raise") is not None:
            for decorator in self.flow.info.decorators:
                self._judge_decorator(decorator)

    def _judge_handler(self, handler: cst.ExceptHandler, subject: Resource) -> None:
        loop, site = loop_of(handler, self._names), id(subject.site)
        attempt = self._names.parents.get(id(handler))
        if (
            loop is None
            or not isinstance(attempt, cst.Try)
            or is_within(subject.site, loop, self._names)
        ):
            return
        is_retry = ends_with_success(attempt, self._names)
        works = [n for n in self._works[site].values() if is_attempted(n, handler, self._names)]
        writes = [n for n in works if id(n) in self._writes.get(site, ())]
        if not (writes or (is_retry and works)) or not self._catches(handler, attempt):
            return
        if not self._is_tidy(site, loop, attempt.body) and not self._is_harmless(subject, writes):
            node = handler.type if handler.type is not None else handler
            work = (writes or works)[0]
            event = TriedAgain(node, work, subject, handler, is_retry, id(work) in self._calls)
            self.flow.events.note(id(handler), event)

    def _judge_attempts(self, block: cst.With, node: cst.BaseExpression) -> None:
        loop = loop_of(block, self._names)
        if not isinstance(loop, cst.For) or not isinstance(loop.iter, cst.Call):
            return
        value = self.flow.lookup.expression(loop.iter, self.flow.scope)
        path = value.path.removesuffix("()") if isinstance(value, Origin) else ""
        if not self._is_retried(loop.iter, path):
            return
        for site, nodes in self._works.items():
            works = [work for work in nodes.values() if is_within(work, block, self._names)]
            subject = self._subjects[site]
            if (
                not works
                or is_within(subject.site, loop, self._names)
                or self._is_tidy(site, loop, None)
            ):
                continue
            if not self._is_harmless(subject, works):
                self.flow.events.note(id(block), TriedAgain(node, works[0], subject, None, True))

    def _judge_decorator(self, decorator: cst.BaseExpression) -> None:
        info = self.flow.info
        assert info is not None
        maker = decorator.func if isinstance(decorator, cst.Call) else decorator
        value = self.flow.lookup.expression(maker, info.outer)
        path = value.path if isinstance(value, Origin) else ""
        if path not in failures.RETRY_DECORATORS or not self._is_retried(decorator, path):
            return
        for site, nodes in self._works.items():
            subject = self._subjects[site]
            if site in self.flow.local or _may_be_made_here(subject):
                continue
            works = list(nodes.values())
            if not self._is_tidy(site, info.node, None) and not self._is_harmless(subject, works):
                event = TriedAgain(decorator, works[0], subject, None, True)
                self.flow.events.note(id(decorator), event)

    def _is_retried(self, call: cst.BaseExpression, path: str) -> bool:
        """Whether a retry library tries again after an error of the database, and mainly so."""
        info = self.flow.info
        scope = info.outer if info is not None and call in info.decorators else self.flow.scope
        caught = retried_by(call, path, scope, self.flow.lookup)
        if caught is None or not any(failures.catches_statement(path) for path in caught):
            return False
        # What everything is caught for is as likely something else, where there is something else.
        return not all(failures.catches_all(path) for path in caught) or not self.flow.slow_calls

    def _catches(self, handler: cst.ExceptHandler, attempt: cst.Try) -> bool:
        """Whether an error of the database gets into the handler, past those before it."""
        for other in attempt.handlers:
            caught = caught_by(other, self.flow.scope, self.flow.lookup)
            matches = caught is not None and any(
                failures.catches_statement(path) for path in caught
            )
            if other is handler:
                return matches
            if caught is None or any(path.startswith("sqlalchemy.") and
                                     path.endswith(("SQLAlchemyError", "DBAPIError"))
                                     for path in caught):  # fmt: skip
                return False
        return False

    def _is_tidy(self, site: int, region: cst.CSTNode, attempt: cst.CSTNode | None) -> bool:
        """Whether something in a region may give the next attempt a session that works."""
        if any(is_within(node, region, self._names) for node in self._endings.get(site, ())):
            return True
        return any(
            is_within(node, region, self._names)
            and (not given or site in given)
            and (not given or attempt is None or not is_within(node, attempt, self._names))
            for node, given in self._helpers
        )

    def _is_harmless(self, subject: Resource, works: list[cst.CSTNode]) -> bool:
        """Whether a failed statement leaves a transaction that goes on, as SQLite's does."""
        engine = engine_of(subject)
        if engine is not None and "isolation_level" in engine.keywords:
            return True
        writes = self._writes.get(id(subject.site), set())
        if any(id(node) in writes for node in works) and subject.kind == SESSION:
            return False
        return engine is not None and is_sqlite(engine)

    def _in_savepoint(self, site: int, node: cst.CSTNode) -> bool:
        """Whether an error goes no further than a savepoint."""
        names = self._names
        block = names.enclosing(node, cst.With) if self._savepoints else None
        while block is not None:
            if site in self._savepoints.get(id(block), ()):
                return True
            block = names.enclosing(block, cst.With)
        return False


def _may_be_made_here(subject: Resource) -> bool:
    """Whether a parameter need not be given, so that the function may make a session itself."""
    return isinstance(subject.site, cst.Param) and subject.site.default is not None
