"""``begin()`` blocks that are committed, or broken by an error, before they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import failures
from pool_lint.model.branches import is_no_postgres
from pool_lint.model.catching import caught_by, goes_on
from pool_lint.model.durability import POSTGRES, database_of
from pool_lint.model.fates import WRITE, token_of
from pool_lint.model.values import CONNECTION, SESSION, Resource
from pool_lint.model.watching import Watcher
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow
    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.states import Condition
    from pool_lint.model.values import Function, Value

_TRACKED = (SESSION, CONNECTION)
# What a block that is over refuses; a connection does not mind a second commit.
_REFUSED = frozenset(
    ("sql", "refresh", "add", "delete", "begin", "begin nested", "enter block", "enter savepoint")
)
_SWALLOWED = "swallowed"
_FUNCTIONS = (cst.FunctionDef, cst.Lambda)
_LOOPS = (cst.For, cst.While)


class UsedAfterEnd:
    """Work in a ``begin()`` block behind the commit or rollback that has ended it.

    Attributes:
        node: the first thing that is refused.
        subject: the session or connection.
        ends: what has ended the transaction.
        word: whether that was a commit or a rollback.
        function: the function it happens in.
    """

    __slots__ = ("ends", "function", "node", "subject", "word")

    def __init__(
        self, node: cst.CSTNode, subject: Resource, ends: list[cst.CSTNode], word: str,
        function: FunctionInfo | None,
    ) -> None:  # fmt: skip
        self.node = node
        self.subject = subject
        self.ends = ends
        self.word = word
        self.function = function


class UsesAfterEnd(Watcher):
    """Finds out what is done in a block whose transaction is over."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._ends: dict[int, dict[int, tuple[cst.CSTNode, str]]] = {}

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if subject.kind not in _TRACKED:
            return
        site = id(subject.site)
        if effect in ("commit", "rollback") and before.may_be_within:
            self._ends.setdefault(site, {})[id(node)] = (node, effect)
        refused = effect in _REFUSED or (effect == "commit" and subject.kind == SESSION)
        ends = self._ends.get(site)
        if not refused or not ends or not before.may_be_over:
            return
        if before.is_over or self._comes_round(node, ends):
            first = next(iter(ends.values()))
            nodes = [end for end, _ in ends.values()]
            event = UsedAfterEnd(node, subject, nodes, first[1], self.flow.info)
            self.flow.events.note(site, event)

    def ran(self, function: Function, node: cst.Call) -> None:
        for arg in node.args:
            given = self.flow.callee_value(arg.value)
            if isinstance(given, Resource) and given.kind in _TRACKED:
                site = id(given.site)
                ends = self._ends.setdefault(site, {})
                if not ends and self.flow.state.condition(site).may_be_over:
                    ends[id(node)] = (node, "commit")

    def _comes_round(self, node: cst.CSTNode, ends: dict[int, tuple[cst.CSTNode, str]]) -> bool:
        """Whether every round of a loop ends the transaction, and the next one goes on with it."""
        parents = self.flow.lookup.names.parents
        rounds = {id(_round_of(end, parents)) for end, _ in ends.values()}
        return any(id(above) in rounds for above in _above(node, parents))


def _round_of(node: cst.CSTNode, parents: dict[int, cst.CSTNode]) -> cst.CSTNode | None:
    """The loop in each round of which a node runs; None where it is in none, or in a branch."""
    current = parents.get(id(node))
    while current is not None and not isinstance(
        current, (*_FUNCTIONS, cst.If, cst.Try, cst.Match)
    ):
        if isinstance(current, _LOOPS):
            return current
        current = parents.get(id(current))
    return None


def _above(node: cst.CSTNode, parents: dict[int, cst.CSTNode]) -> list[cst.CSTNode]:
    found = []
    current = parents.get(id(node))
    while current is not None and not isinstance(current, _FUNCTIONS):
        found.append(current)
        current = parents.get(id(current))
    return found


class SwallowedError:
    """An error of the database that is caught inside the ``begin()`` block that it has broken.

    Attributes:
        handler: what catches it.
        node: what fails.
        others: what the block writes besides, and loses.
        subject: the session or connection.
        function: the function it happens in.
    """

    __slots__ = ("function", "handler", "node", "others", "subject")

    def __init__(
        self, handler: cst.ExceptHandler, node: cst.CSTNode, others: list[cst.CSTNode],
        subject: Resource, function: FunctionInfo | None,
    ) -> None:  # fmt: skip
        self.handler = handler
        self.node = node
        self.others = others
        self.subject = subject
        self.function = function


class Swallowing(Watcher):
    """Finds out which blocks go on after an error of the database has broken their transaction."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._risks: dict[int, dict[int, tuple[Resource, cst.CSTNode]]] = {}
        self._caught: dict[tuple[int, int], SwallowedError] = {}
        self._with_savepoints: set[int] = set()
        self._nodes: dict[str, cst.CSTNode] = {}

    def method(self, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
        if subject.kind not in _TRACKED:
            return
        site, state, token = id(subject.site), self.flow.state, token_of(node)
        self._nodes[token] = node
        if not state.condition(site).is_within:
            return
        is_flush = name == "flush" and subject.kind == SESSION
        writes = token in state.fact((WRITE, site)) and name not in ("add", "add_all")
        if not is_flush and not (writes and name not in ("delete", "merge")):
            return
        if not is_flush and (
            database_of(subject, self.flow.lookup) != POSTGRES
            or is_no_postgres(node, self.flow.lookup.names)
        ):
            # Elsewhere a statement that fails leaves the transaction as it was.
            return
        attempt = self._attempt(node)
        if attempt is not None:
            self._risks.setdefault(id(attempt), {}).setdefault(id(node), (subject, node))

    def _attempt(self, node: cst.CSTNode) -> cst.Try | None:
        """The innermost ``try`` in whose body a node stands, with no savepoint in between."""
        parents = self.flow.lookup.names.parents
        child, current = node, parents.get(id(node))
        while current is not None and not isinstance(current, (*_FUNCTIONS, cst.TryStar)):
            if isinstance(current, cst.With) and child is current.body and _begins(current):
                return None
            if isinstance(current, cst.Try) and child is current.body:
                return current
            child, current = current, parents.get(id(current))
        return None

    def caught(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        attempt = self.flow.lookup.names.parents.get(id(handler))
        risks = self._risks.get(id(attempt))
        if not risks or not isinstance(handler, cst.ExceptHandler) or not goes_on(handler):
            return
        caught = caught_by(handler, self.flow.scope, self.flow.lookup)
        if caught is None or not any(map(failures.catches_statement, caught)):
            return
        for subject, node in risks.values():
            site = id(subject.site)
            others = self._others(subject, node, attempt)
            if others and self.flow.state.condition(site).is_within:
                self.flow.state.note((_SWALLOWED, site, id(handler)), _SWALLOWED)
                event = SwallowedError(handler, node, others, subject, self.flow.info)
                self._caught.setdefault((site, id(handler)), event)

    def _others(
        self, subject: Resource, node: cst.CSTNode, attempt: cst.CSTNode | None
    ) -> list[cst.CSTNode]:
        """What is lost besides: what was written before the ``try``, or in rounds before this."""
        inside = {id(one) for one in walk(attempt)} if attempt is not None else set()
        pending = self.flow.state.fact((WRITE, id(subject.site)))
        found = [
            one for token, one in self._nodes.items() if token in pending and id(one) not in inside
        ]
        if not found and attempt is not None and self._is_repeated(attempt):
            found.append(node)
        return found

    def _is_repeated(self, node: cst.CSTNode) -> bool:
        """Whether a node stands in a loop within the block."""
        for above in _above(node, self.flow.lookup.names.parents):
            if isinstance(above, (cst.For, cst.While)):
                return True
            if isinstance(above, cst.With) and _begins(above):
                return False
        return False

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        site, flow = id(subject.site), self.flow
        if effect == "begin nested":
            if not isinstance(flow.lookup.names.parents.get(id(node)), cst.WithItem):
                self._with_savepoints.add(site)
            return
        if (
            effect not in ("rollback", "leave block", "leave block raised", "close")
            or subject.kind not in _TRACKED
        ):
            return
        for (owner, handler), event in self._caught.items():
            key = (_SWALLOWED, site, handler)
            if owner != site or _SWALLOWED not in flow.state.fact(key):
                continue
            ends = effect != "rollback" and flow.leaving != "raise" and not flow.unwinding
            if ends and before.may_be_within and site not in self._with_savepoints:
                flow.events.note(handler, event)
            flow.state.note(key, "")


def _begins(block: cst.With) -> bool:
    """Whether a transaction or a savepoint lasts as long as a block."""
    calls = [item.item for item in block.items]
    return any(
        isinstance(call, cst.Call)
        and isinstance(call.func, cst.Attribute)
        and call.func.attr.value in ("begin", "begin_nested")
        for call in calls
    )
