"""Who ends the transaction of a session that is not its own, and uses it all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import callees
from pool_lint.model.effects import empties
from pool_lint.model.handovers import HandedInBlock
from pool_lint.model.routes import dependency_of
from pool_lint.model.values import (
    SESSION,
    Coroutine,
    Entity,
    Foreign,
    Function,
    Manager,
    Resource,
    Stream,
    Value,
)
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.states import Condition, State

_OVER = "over"
_ENDING = frozenset(("commit", "rollback"))
# What a session refuses whose begin() block has been committed; a flush of nothing is none of it.
_USING = frozenset(
    (
        "sql",
        "refresh",
        "add",
        "delete",
        "commit",
        "begin",
        "begin nested",
        "enter block",
        "enter savepoint",
    )
)


class Reuse:
    """A session that is used after its transaction was ended.

    Attributes:
        end: the commit or rollback, or the call that does it.
        inner: where a function that is called does it; None where ``end`` does.
        use: the use that follows.
        subject: the session, which somebody else opened.
        reads: whether it is used only if the commit has emptied its objects.
    """

    __slots__ = ("end", "inner", "reads", "subject", "use")

    def __init__(
        self, end: cst.CSTNode, inner: cst.CSTNode | None, use: cst.CSTNode, subject: Resource,
        reads: bool = False,
    ) -> None:  # fmt: skip
        self.reads = reads
        self.end = end
        self.inner = inner
        self.use = use
        self.subject = subject


class Used:
    """A session of the caller's that is used before anything ends its transaction."""

    __slots__ = ("node", "subject")

    def __init__(self, node: cst.CSTNode, subject: Resource) -> None:
        self.node = node
        self.subject = subject


class Ended:
    """A session of the caller's whose transaction is over when the function returns."""

    __slots__ = ("node", "subject")

    def __init__(self, node: cst.CSTNode, subject: Resource) -> None:
        self.node = node
        self.subject = subject


class Endings(Watcher):
    """Follows the sessions that a function was given from the end of their transaction."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._ends: dict[int, tuple[cst.CSTNode, cst.CSTNode | None, Resource]] = {}

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if subject.kind != SESSION or id(subject.site) in self.flow.local:
            return
        if effect in _USING:
            self._use(subject, node)
        if effect in _ENDING:
            self._end(subject, node, None)

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        for value in values:
            self._look_at(value, node)
        if isinstance(callee, (Function, Foreign)) and not isinstance(
            result, (Coroutine, Manager, Stream)
        ):
            self._run(callee, node)

    def awaited(self, value: Value, node: cst.Await) -> None:
        if isinstance(value, Coroutine) and value.function is not None:
            self._run(value.function, value.call)

    def read(self, value: Value, node: cst.CSTNode) -> None:
        self._look_at(value, node)

    def returned(self, value: Value, node: cst.Return) -> None:
        if node.value is not None:
            self._look_at(value, node.value)

    def ended(self, ends: dict[str, State | None]) -> None:
        state = ends[""]
        for site, (node, inner, subject) in self._ends.items():
            if state is not None and _OVER in state.fact((_OVER, site)):
                self.flow.events.note(site, Ended(inner or node, subject))

    def _look_at(self, value: Value, node: cst.CSTNode) -> None:
        """Whoever gets an object that a commit has emptied reads it from the database again."""
        if isinstance(value, Entity):
            self._use(value.session, node, reads=True)

    def _use(self, subject: Resource, node: cst.CSTNode, reads: bool = False) -> None:
        site = id(subject.site)
        if _OVER in self.flow.state.fact((_OVER, site)) and site in self._ends:
            end, inner, _ = self._ends[site]
            self.flow.events.note((site, reads), Reuse(end, inner, node, subject, reads))
        elif not reads:
            self.flow.events.note(site, Used(node, subject))

    def _end(self, subject: Resource, node: cst.CSTNode, inner: cst.CSTNode | None) -> None:
        site = id(subject.site)
        self._ends.setdefault(site, (node, inner, subject))
        self.flow.state.note((_OVER, site), _OVER)

    def _run(self, function: Function | Foreign, node: cst.Call) -> None:
        """What a function that is called does to the sessions that it is given."""
        given = [self.flow.callee_value(arg.value) for arg in node.args]
        if not any(isinstance(value, Resource) and value.kind == SESSION for value in given):
            return
        known = function if isinstance(function, Function) else self._read(function)
        if known is None:
            return
        events = self.flow.summary(known.info).events
        for reuse in events.noted(Reuse):
            subject = self._own(known, reuse.subject, node)
            if subject is not None:
                inner = reuse.inner or reuse.end
                again = Reuse(node, inner, reuse.use, subject, reuse.reads)
                self.flow.events.note((id(subject.site), reuse.reads), again)
        for used in events.noted(Used):
            subject = self._own(known, used.subject, node)
            if subject is not None:
                self._use(subject, node)
        for ended in events.noted(Ended):
            subject = self._own(known, ended.subject, node)
            if subject is not None:
                self._end(subject, node, ended.node)

    def _read(self, function: Foreign) -> Function | None:
        """A function of another module, read where its text says that it ends anything."""
        if function.module.hearsay.keeps_session(function.part):
            return None
        known = self.flow.lookup.known(function)
        return known if isinstance(known, Function) else None

    def _own(self, function: Function, subject: Resource, node: cst.Call) -> Resource | None:
        given = callees.argument(self.flow, function, subject, node)
        if not isinstance(given, Resource) or id(given.site) in self.flow.local:
            return None
        return given


def reuses_in_block(model: ModuleModel) -> Iterator[tuple[Reuse, HandedInBlock, FunctionInfo]]:
    """The sessions of dependencies that are ended and used while their ``begin()`` block is open.

    Each with the ``yield`` inside of the block, and the dependency.
    """
    for info, analysis in model.analyses():
        told: set[int] = set()
        for reuse in analysis.events.noted(Reuse):
            param = reuse.subject.site
            if not isinstance(param, cst.Param) or not any(param is own for own in info.params):
                continue
            provider = dependency_of(param, info, model)
            if provider is None or not provider.is_generator:
                continue
            handed = model.analysis(provider).events.noted(HandedInBlock)
            if not handed or id(param) in told or (reuse.reads and not empties(handed[0].subject)):
                continue
            told.add(id(param))
            yield reuse, handed[0], provider
