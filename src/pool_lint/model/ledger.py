"""The writes of a function, each with what becomes of it on the paths that lead on.

What is pending stands in the facts of the flow's state, all of it under one key: states are copied
at every step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.escaping import Escapes
from pool_lint.model.fates import (
    CALLER,
    COMMITTED,
    FATE,
    IN_PART,
    LOST,
    PENDING,
    UNDONE,
    WRITE,
    YIELDED,
    Fate,
    Followed,
    LostWrites,
    fate_at,
    token_of,
)  # fmt: skip
from pool_lint.model.states import NO_FACT
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
        # By the site of each session: what writes on it, and whether that is certain.
        self._written: dict[int, dict[str, tuple[cst.CSTNode, bool]]] = {}
        self._yielded: set[int] = set()
        self._committed: set[tuple[int, str]] = set()
        self._lost: dict[tuple[int, str], cst.CSTNode] = {}

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

    def write(self, subject: Resource, node: cst.CSTNode, is_certain: bool) -> None:
        """Something is written, which nobody has committed."""
        site, token = id(subject.site), token_of(node)
        self._resources[site] = subject
        written = self._written.setdefault(site, {})
        written[token] = (node, is_certain and written.get(token, (node, True))[1])
        key = (WRITE, site)
        _put(self.flow.state, key, self.flow.state.fact(key) - NO_FACT | {token})

    def hand_out(self, subject: Resource) -> None:
        """Others may write on a session from here on."""
        self.know(subject)
        self._yielded.add(id(subject.site))
        _put(self.flow.state, (YIELDED, id(subject.site)), frozenset((PENDING,)))

    def commit(self, subject: Resource, words: frozenset[str] = ALL_COMMITTED) -> None:
        """What is pending is committed, or becomes one of several things."""
        site = id(subject.site)
        tokens = self._settle(subject, words)
        if not words.isdisjoint((COMMITTED, IN_PART)):
            # On one path is enough to be silent about it.
            self._committed.update((site, token) for token in tokens)

    def undo(self, subject: Resource) -> None:
        """What is pending is rolled back, and somebody wants it so."""
        self._settle(subject, ALL_UNDONE)

    def undo_in_part(self, subject: Resource, is_wanted: bool) -> None:
        """A savepoint is rolled back: by the code, or by an exception."""
        site, state = id(subject.site), self.flow.state
        if site not in self.flow.local:
            self.know(subject)
            _put(state, (CALLER, site), state.fact((CALLER, site)) | {IN_PART})
        if site in self._yielded:
            _put(state, (YIELDED, site), state.fact((YIELDED, site)) | {IN_PART})
        pending = state.fact((WRITE, site)) - NO_FACT
        if pending:
            _put(state, (FATE, site), state.fact((FATE, site)) | {IN_PART})
            if is_wanted:
                self._committed.update((site, token) for token in pending)

    def fail(self) -> None:
        """An error has come, which may have undone what is pending."""
        for site in self._written:
            self.undo_in_part(self._resources[site], False)

    def lose(self, subject: Resource, node: cst.CSTNode) -> None:
        """What is pending is rolled back at ``node``, because nobody has committed it."""
        site = id(subject.site)
        for token in self._settle(subject, ALL_LOST):
            self._lost.setdefault((site, token), node)

    def _settle(self, subject: Resource, outcome: frozenset[str]) -> frozenset[str]:
        """Let what is pending on a session come to its end, and say what that is."""
        site, state = id(subject.site), self.flow.state
        ends = outcome - NO_FACT
        if not ends:
            return frozenset()
        if site not in self.flow.local:
            words = state.fact((CALLER, site))
            if "" in words:
                _put(state, (CALLER, site), words - NO_FACT | outcome)
        if site in self._yielded:
            words = state.fact((YIELDED, site))
            if PENDING in words:
                _put(state, (YIELDED, site), words - {PENDING} | ends)
        pending = state.fact((WRITE, site)) - NO_FACT
        if pending:
            _put(state, (FATE, site), state.fact((FATE, site)) | ends)
            if "" not in outcome:
                _put(state, (WRITE, site), NO_FACT)
        return pending

    # -- the end -------------------------------------------------------------------------------

    def ended(self, ends: dict[str, State | None]) -> None:
        end = ends.get("")
        fates = []
        yielded: frozenset[str] = frozenset()
        outcomes: dict[int, str] = {}
        for site, subject in self._resources.items():
            if end is not None:
                if site in self._yielded:
                    yielded |= end.fact((YIELDED, site)) - NO_FACT
                is_visible = site not in self.escaped and self._is_certain(site)
                outcomes[site] = fate_at(end, site, is_visible)
            if site not in self.flow.local:
                fates.append(self._fate(subject, end))
            elif self.may_report(subject):
                self._note_lost(subject, end)
        self.flow.events.note("", Followed(fates, yielded, outcomes))

    def _is_certain(self, site: int) -> bool:
        return all(is_certain for _, is_certain in self._written.get(site, {}).values())

    def _fate(self, subject: Resource, end: State | None) -> Fate:
        """What is to be known by those who call the function with a session of theirs."""
        site = id(subject.site)
        escapes = site in self.escaped
        if end is None:
            return Fate(subject, NO_FACT, None, escapes)
        pending = end.fact((WRITE, site))
        writes: bool | None = None
        for token, (_, is_certain) in self._written.get(site, {}).items():
            if token in pending:
                writes = bool(writes) or (is_certain and (site, token) not in self._committed)
        return Fate(subject, end.fact((CALLER, site)), writes, escapes)

    def _note_lost(self, subject: Resource, end: State | None) -> None:
        site = id(subject.site)
        pending = end.fact((WRITE, site)) if end is not None else NO_FACT
        nodes: list[cst.CSTNode] = []
        closed = None
        for token, (node, is_certain) in self._written.get(site, {}).items():
            if is_certain and (site, token) not in self._committed:
                where = self._lost.get((site, token))
                if where is not None or token in pending:
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
