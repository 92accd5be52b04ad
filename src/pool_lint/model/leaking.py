"""Sessions and connections that a function opens, and what is out when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.conditions import KINDS
from pool_lint.model.making import is_new, takes_from_pool
from pool_lint.model.ownership import is_given_away
from pool_lint.model.risks import CALM, is_calm, surely_takes
from pool_lint.model.states import State
from pool_lint.model.tools import ENDING
from pool_lint.model.values import (
    SESSION,
    Coroutine,
    Manager,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.model.watching import Watcher
from pool_lint.syntax.walk import last_word, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.flow import Flow
    from pool_lint.model.states import Condition
    from pool_lint.model.values import Function

# How a leak comes about.
NEVER = "never"
ON_SOME_PATH = "on some path"
ON_ERROR = "on error"

_GIVING_BACK = ENDING | {"commit", "rollback"}
_RISK = "risk"
_AT_RISK = frozenset((_RISK,))
_THERE = "there"
_OUT = "out"
_BACK = "back"
_LENT = "lent"
_CLOSING = "closing"


class Leak:
    """A session or connection that is still out when its function has ended.

    Attributes:
        subject: what was opened, where its site is.
        how: one of the words of this module: never closed, or not on some path, or only if nothing
            raises.
        since: where its connection was taken, if that is known.
        ending: what closes it on other paths.
        late: where it was used again after it had been closed, if that is what leaks.
        unawaited: the release that nobody awaits.
        is_chained: whether it is used where it is opened and has no name at all.
        names: what the function calls it.
    """

    __slots__ = ("ending", "how", "is_chained", "late", "names", "since", "subject", "unawaited")

    def __init__(self, subject: Resource, how: str) -> None:
        self.subject = subject
        self.how = how
        self.since: cst.CSTNode | None = None
        self.ending: cst.CSTNode | None = None
        self.late: cst.CSTNode | None = None
        self.unawaited: Coroutine | None = None
        self.is_chained = False
        self.names: tuple[str, ...] = ()


class Leaks(Watcher):
    """Looks after what the function opens, and says at its ends what is out."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._made: dict[int, Resource] = {}
        self._names: dict[int, set[str]] = {}
        self._kept: set[int] = set()
        self._endings: dict[int, cst.CSTNode] = {}
        # Conditions in which nothing is out: most stay what they are for the rest of a function.
        self._calm: dict[int, Condition] = {}
        self._late: dict[int, cst.CSTNode] = {}
        self._unawaited: dict[int, Coroutine] = {}

    # -- what is there -------------------------------------------------------------------------

    def created(self, resource: Resource) -> None:
        if resource.owner is not None and resource.owner.kind == SESSION:
            # That of a session is the session's to give back.
            return
        if resource.kind in KINDS and isinstance(resource.site, cst.Call):
            self._made[id(resource.site)] = resource
            # A path that has not come here knows nothing of it, and has nothing out.
            self._there(id(resource.site), _OUT)

    def bound(self, target: cst.BaseExpression, value: Value) -> None:
        if isinstance(value, Resource) and id(value.site) in self._made:
            if isinstance(target, cst.Name):
                self._names.setdefault(id(value.site), set()).add(target.value)
            else:
                self._kept.add(id(value.site))

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        site = id(subject.site)
        if site not in self._made:
            return
        if effect == "listen":
            # It is wanted for as long as the process lives.
            self._kept.add(site)
        if effect == "close":
            self._endings.setdefault(site, node)
            self._close_namesakes(site)
        self._there(site, _OUT if after.may_be_out else _BACK)
        if not after.may_be_out:
            self._clear(site)
        elif before.is_closed:
            self._late.setdefault(site, node)

    def _close_namesakes(self, site: int) -> None:
        """What a name holds after paths have met is one of several: any of them may be closed."""
        names = self._names.get(site, set())
        for other, its in self._names.items():
            if other != site and not names.isdisjoint(its) and _is_out(self.flow.state, other):
                self._kept.add(other)

    def read(self, value: Value, node: cst.CSTNode) -> None:
        if not self._made or not isinstance(node, cst.Attribute):
            return
        if node.attr.value not in ENDING:
            return
        # That the closing itself may fail is nobody's mistake.
        env = self.flow.state.env
        names = [one.value for one in self._arguments(node) if isinstance(one, cst.Name)]
        for one in (value, *(env[name] for name in names if name in env)):
            if isinstance(one, Resource) and id(one.site) in self._made:
                self._clear(id(one.site))

    def _arguments(self, node: cst.Attribute) -> list[cst.BaseExpression]:
        info = self.flow.info
        call = info.names.parents.get(id(node)) if info is not None else None
        return [arg.value for arg in call.args] if isinstance(call, cst.Call) else []

    def _clear(self, site: int) -> None:
        if self.flow.state.fact((Leaks, site)) != {""}:
            self.flow.state.note((Leaks, site), "")

    def yielded(self, value: Value, node: cst.Yield) -> None:
        info = self.flow.info
        if not isinstance(value, Resource) or id(value.site) not in self._made or info is None:
            return
        if info.decorator_names & fw.MANAGER_DECORATORS:
            self._note(_LENT, id(value.site))

    # -- what may fail -------------------------------------------------------------------------

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if isinstance(result, (Coroutine, Manager)):
            self._release_called(node, values, result)
            return
        if self._made and not is_calm(callee, node):
            self._may_fail(node)

    def awaited(self, value: Value, node: cst.Await) -> None:
        call = node.expression
        if not isinstance(call, cst.Call) or last_word(call.func) not in CALM:
            self._may_fail(call)

    def method(self, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
        if name not in CALM:
            self._may_fail(node)

    def _release_called(self, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if last_word(node.func) == "release" and values:
            given = values[0]
            if isinstance(given, Resource) and isinstance(result, Coroutine):
                self._unawaited[id(given.site)] = result

    def caught(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        # Where nothing could fail while it was out, it was not there yet, or already closed.
        for site in self._made:
            if self.flow.state.fact((Leaks, site)).isdisjoint((_RISK, _LENT)):
                self._there(site, _BACK)
        self._close_in(handler.body)

    def cleaning(self, final: cst.Finally) -> None:
        self._close_in(final.body)

    def _close_in(self, body: cst.BaseSuite) -> None:
        """That what is done before a closing may fail as well is too much to ask."""
        open_names = {name: site for site, names in self._names.items() for name in names}
        for node in walk(body) if open_names else ():
            if isinstance(node, cst.Attribute) and node.attr.value in ENDING:
                for one in (node.value, *self._arguments(node)):
                    if isinstance(one, cst.Name) and one.value in open_names:
                        self._note(_CLOSING, open_names[one.value])

    def _may_fail(self, node: cst.CSTNode) -> None:
        if self.flow.unwinding:
            # It is out already, or it will be closed here.
            return
        state = self.flow.state
        for site in self._made:
            known = state.conditions.get(site)
            if known is None or self._calm.get(site) is known:
                continue
            told = state.fact((Leaks, site))
            if told == _AT_RISK or self._made[site].site is node:
                continue
            if not known.may_be_out:
                self._calm[site] = known
                continue
            if _is_out(state, site) and told.isdisjoint((_LENT, _CLOSING)):
                self._note(_RISK, site)

    def helped(
        self, subject: Resource, inner: Resource, function: Function, node: cst.Call
    ) -> None:
        site = id(subject.site)
        if site in self._made:
            is_out = self.flow.state.condition(site).may_be_out
            self._there(site, _OUT if is_out else _BACK)

    def _there(self, site: int, word: str) -> None:
        """Whether it is out on this path, where that is known better than by its condition."""
        key = (_THERE, site)
        if self.flow.state.fact(key) != {word}:
            self.flow.state.note(key, word)

    def _note(self, word: str, site: int) -> None:
        if self.flow.state.fact((Leaks, site)) != {word}:
            self.flow.state.note((Leaks, site), word)

    # -- the ends ------------------------------------------------------------------------------

    def ended(self, ends: dict[str, State | None]) -> None:
        for site, resource in self._made.items():
            how = self._how(site, resource, ends)
            if how is None or site in self._kept:
                continue
            leak = self._leak(site, resource, how)
            if leak is not None:
                self.flow.events.note(site, leak)

    def _how(self, site: int, resource: Resource, ends: dict[str, State | None]) -> str | None:
        end, raised = ends[""], ends["raise"]
        if end is not None:
            lent = _LENT in end.fact((Leaks, site))
            if lent or (_is_out(end, site) and surely_takes(end.condition(site).since)):
                return NEVER if site not in self._endings else ON_SOME_PATH
        if raised is None or site not in raised.conditions:
            return None
        if site in self._late and raised.condition(site).since is self._late[site]:
            return None
        known = raised.fact((Leaks, site))
        if _LENT not in known and not (_RISK in known and _is_out(raised, site)):
            return None
        if site in self._endings:
            return ON_ERROR
        # A session that is committed holds nothing; that an error would leave it is no mistake.
        return NEVER if end is None and resource.kind != SESSION else None

    def _is_dropped(self, resource: Resource) -> bool:
        """Whether what would have given it back is never awaited, which is told already."""
        return any(
            event.coroutine.subject is not None
            and event.coroutine.subject.site is resource.site
            and event.coroutine.method in _GIVING_BACK
            for event in self.flow.events.dropped.values()
        )

    def _leak(self, site: int, resource: Resource, how: str) -> Leak | None:
        info = self.flow.info
        if info is None or not is_new(resource, self.flow.lookup):
            return None
        if not takes_from_pool(resource) or self._is_dropped(resource):
            return None
        names = self._names.get(site, set())
        if is_given_away(resource.site, names, info):
            return None
        leak = Leak(resource, how)
        leak.names = tuple(sorted(names))
        leak.ending = self._endings.get(site)
        leak.late = self._late.get(site)
        leak.since = leak.late
        dropped = self._unawaited.get(site)
        if dropped is not None and id(dropped.call) in self.flow.events.dropped:
            leak.unawaited = dropped
        parents = info.names.parents
        around = parents.get(id(resource.site))
        if isinstance(around, cst.Await):
            around = parents.get(id(around))
        leak.is_chained = isinstance(around, cst.Attribute)
        return leak


def _is_out(state: State, site: int) -> bool:
    """Whether it may be out; where nothing failed while it was, a handler need not think of it."""
    known: Condition | None = state.conditions.get(site)
    return known is not None and known.may_be_out and _OUT in state.fact((_THERE, site))
