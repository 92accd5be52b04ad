"""The writes of a function, each with what becomes of it on the paths that lead on.

They stand in the facts of the flow's state, under ``(WRITE, id of the session's site, the node that
writes)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.escaping import Escapes
from pool_lint.model.fates import (
    CALLER,
    COMMITTED,
    LOST,
    PENDING,
    UNDONE,
    WRITE,
    YIELDED,
    Fate,
    Followed,
    LostWrites,
    fate_at,
)  # fmt: skip
from pool_lint.model.values import CONNECTION, SESSION, Resource

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow
    from pool_lint.model.states import State

ALL_COMMITTED, ALL_UNDONE, ALL_LOST = (frozenset((word,)) for word in (COMMITTED, UNDONE, LOST))


class Ledger(Escapes):
    """Keeps the books of what one function writes.

    Args:
        flow: the function.
    """

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._resources: dict[int, Resource] = {}
        self._written: dict[int, dict[object, bool]] = {}
        self._committed: set[tuple[int, object]] = set()
        self._lost: dict[tuple[int, object], cst.CSTNode] = {}

    def know(self, subject: Resource) -> None:
        """Something happens to a session, which those who call the function may ask about."""
        self._resources.setdefault(id(subject.site), subject)

    @staticmethod
    def root(subject: Resource) -> Resource:
        """The session whose connection it is, or the connection itself."""
        owner = subject.owner
        if subject.kind == CONNECTION and owner is not None and owner.kind == SESSION:
            return owner
        return subject

    def write(self, subject: Resource, node: object, is_certain: bool) -> None:
        """Something is written, which nobody has committed."""
        site = id(subject.site)
        self._resources[site] = subject
        written = self._written.setdefault(site, {})
        written[node] = is_certain and written.get(node, True)
        _put(self.flow.state, (WRITE, site, node), frozenset((PENDING,)))

    def commit(self, subject: Resource, words: frozenset[str] = ALL_COMMITTED) -> None:
        """What is pending is committed, or becomes one of several things."""
        site = id(subject.site)
        keys = self._settle(subject, words)
        if COMMITTED in words:
            # On one path is enough to be silent about it.
            self._committed.update((site, key) for key in keys)

    def undo(self, subject: Resource) -> None:
        """What is pending is rolled back, and somebody wants it so."""
        self._settle(subject, ALL_UNDONE)

    def lose(self, subject: Resource, node: cst.CSTNode) -> None:
        """What is pending is rolled back at ``node``, because nobody has committed it."""
        site = id(subject.site)
        for key in self._settle(subject, ALL_LOST):
            self._lost.setdefault((site, key), node)

    def _settle(self, subject: Resource, outcome: frozenset[str]) -> list[object]:
        """Let every write of a session that is pending come to its end, and say which these are."""
        site, state = id(subject.site), self.flow.state
        found: list[object] = []
        keys: list[object] = list(self._written.get(site, ()))
        if site not in self.flow.local:
            keys.append(CALLER)
        for key in keys:
            waiting = "" if key == CALLER else PENDING
            words = state.fact((WRITE, site, key))
            if waiting in words:
                found.append(key)
                ends = frozenset(waiting if word in ("", PENDING) else word for word in outcome)
                _put(state, (WRITE, site, key), words - {waiting} | ends)
        return found

    def ended(self, ends: dict[str, State | None]) -> None:
        end = ends.get("")
        fates = []
        yielded: frozenset[str] = frozenset()
        for site, subject in self._resources.items():
            written = self._written.get(site, {})
            if YIELDED in written and end is not None:
                yielded |= end.fact((WRITE, site, YIELDED)) - {""}
            if site not in self.flow.local:
                fates.append(self._fate(subject, end))
            elif self.may_report(subject):
                self._note_lost(subject, end)
        outcomes = {
            site: fate_at(end, site, site not in self.escaped and self._is_certain(site))
            for site in self._resources
            if end is not None
        }
        self.flow.events.note("", Followed(fates, yielded, outcomes))

    def _is_certain(self, site: int) -> bool:
        return all(self._written.get(site, {}).values())

    def _fate(self, subject: Resource, end: State | None) -> Fate:
        """What is to be known by those who call the function with a session of theirs."""
        site = id(subject.site)
        escapes = site in self.escaped
        if end is None:
            return Fate(subject, frozenset(("",)), None, escapes)
        words = end.fact((WRITE, site, CALLER))
        writes: bool | None = None
        for node, is_certain in self._written.get(site, {}).items():
            if PENDING in end.fact((WRITE, site, node)):
                sure = is_certain and (site, node) not in self._committed
                writes = bool(writes) or sure
        return Fate(subject, words, writes, escapes)

    def _note_lost(self, subject: Resource, end: State | None) -> None:
        site = id(subject.site)
        nodes: list[cst.CSTNode] = []
        closed = None
        for node, is_certain in self._written.get(site, {}).items():
            if not isinstance(node, cst.CSTNode) or not is_certain:
                continue
            if (site, node) in self._committed:
                continue
            where = self._lost.get((site, node))
            open_still = end is not None and PENDING in end.fact((WRITE, site, node))
            if where is not None or open_still:
                nodes.append(node)
                closed = closed or where
        if nodes and not self._forgets_to_wait(subject):
            self.flow.events.note(site, LostWrites(subject, nodes, closed, self.flow.info))

    def _forgets_to_wait(self, subject: Resource) -> bool:
        """Whether a commit is there, and is never awaited: another mistake."""
        return any(
            event.coroutine.method == "commit"
            and event.coroutine.subject is not None
            and event.coroutine.subject.site is subject.site
            for event in self.flow.events.dropped.values()
        )


def _put(state: State, key: tuple[object, ...], words: frozenset[str]) -> None:
    if state.fact(key) != words:
        state.facts[key] = words
        state.version += 1
        state.changes += 1
