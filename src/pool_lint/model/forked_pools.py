"""Connections that are in a pool, or out of it, when a process is forked that uses the pool as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import forks as table
from pool_lint.model.checkouts import Checkout, Ran, taken_by, taken_in
from pool_lint.model.engines import is_sqlite
from pool_lint.model.forking import may_fork
from pool_lint.model.pools import Pool, pool_of
from pool_lint.model.values import CONNECTION, ENGINE, Foreign, Function, Origin, Resource, Value
from pool_lint.model.watching import Watcher
from pool_lint.syntax.walk import last_word

if TYPE_CHECKING:
    from pool_lint.model.creations import Creation
    from pool_lint.model.flow import Flow
    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.states import Condition

_DEPTH = 4
_USED = "used"
_STARTERS = frozenset(path.rpartition(".")[2] for path in table.PROCESSES | table.POOLS | table.EXECUTORS)  # fmt: skip


class Forked:
    """A process is forked while a pool has connections, and uses that pool.

    Attributes:
        node: what begins the process, or gives it its work.
        creation: what makes the engine.
        used: where the pool got a connection before.
        function: what the process runs.
        checkout: where that takes a connection.
        once: whether the process runs the function once, and nothing else.
    """

    __slots__ = ("checkout", "creation", "function", "node", "once", "used")

    def __init__(
        self,
        node: cst.Call,
        creation: Creation,
        used: cst.CSTNode,
        function: FunctionInfo,
        checkout: cst.CSTNode,
        once: bool,
    ) -> None:
        self.node = node
        self.creation = creation
        self.used = used
        self.function = function
        self.checkout = checkout
        self.once = once


class ForkWatcher(Watcher):
    """Notes which pools have been used before a process is forked that uses them too."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        info = flow.info
        self._matters = info is not None and any(
            last_word(call.func) in _STARTERS for call in info.calls
        )
        self._used: dict[object, cst.CSTNode] = {}
        # The pools that had been used when a pool of processes was made.
        self._inherited: set[object] = set()

    def created(self, resource: Resource) -> None:
        if self._matters and resource.kind == CONNECTION:
            self._take(resource, resource.site)

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if self._matters and after.may_hold and not before.may_hold:
            self._take(subject, node)

    def ran(self, function: Function, node: cst.Call) -> None:
        self._ran(function, node)

    def unread(self, function: Foreign, node: cst.Call) -> None:
        self._ran(function, node)

    def _ran(self, function: Function | Foreign, node: cst.Call) -> None:
        if self._matters:
            for one in taken_by(Ran(function, node), self.flow.model, _DEPTH, frozenset()):
                self._note(one.pool, node)

    def _take(self, subject: Resource, node: cst.CSTNode) -> None:
        pool = pool_of(subject, self.flow.scope)
        if pool is not None:
            self._note(pool, node)

    def _note(self, pool: Pool, node: cst.CSTNode) -> None:
        if pool.owner is None and pool.param is None:
            self._used.setdefault(pool.key, node)
            self.flow.state.note(("pool", pool.key), _USED)

    def method(self, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
        if self._matters and subject.kind == ENGINE and name == "dispose":
            pool = pool_of(subject, self.flow.scope)
            if pool is not None:
                self.flow.state.note(("pool", pool.key), "")

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if not self._matters or not isinstance(callee, Origin):
            return
        path = callee.path
        if path in table.POOLS or path in table.EXECUTORS:
            self._begin(node, path)
        elif path in table.PROCESSES:
            for index, arg in enumerate(node.args):
                is_named = arg.keyword is not None and arg.keyword.value == "target"
                if (is_named or index == 1) and may_fork(node, path, self.flow.model):
                    self._compare(node, self.flow.given(arg.value), self._now(), True)
        elif values and path.rpartition(".")[2] in table.GIVING:
            made = path.rpartition("().")[0]
            # The processes of an executor begin when the first work is given to them.
            known = self._now() if made in table.EXECUTORS else frozenset(self._inherited)
            if made in table.EXECUTORS or made in table.POOLS:
                self._compare(node, values[0], known, False)

    def _begin(self, node: cst.Call, path: str) -> None:
        """A pool of processes is made; what its initializer does nobody looks at."""
        is_plain = all(
            arg.keyword is None or arg.keyword.value != "initializer" for arg in node.args
        )
        if not is_plain or len(node.args) > 1 or not may_fork(node, path, self.flow.model):
            self._matters = False
        elif path in table.POOLS:
            self._inherited.update(self._now())

    def _now(self) -> frozenset[object]:
        """The pools that have connections on this path."""
        return frozenset(key for key in self._used if _USED in self.flow.state.fact(("pool", key)))

    def _compare(self, node: cst.Call, target: Value, used: frozenset[object], once: bool) -> None:
        known = self.flow.lookup.known(target)
        if not used or not isinstance(known, Function):
            return
        info = known.info
        home = self.flow.model.home_of(info)
        if "dispose" in cst.Module(body=[info.node]).code:
            return
        for one in taken_in(info, home, _DEPTH, frozenset((id(info),))):
            creation = one.pool.creation
            if one.pool.key not in used or creation is None or not _is_forked(one, creation):
                continue
            taken = one.inner or one.node
            event = Forked(node, creation, self._used[one.pool.key], info, taken, once)
            self.flow.events.note((id(node), one.pool.key), event)


def _is_forked(checkout: Checkout, creation: Creation) -> bool:
    """Whether a pool keeps connections, and the processes have the same one."""
    if checkout.pool.owner is not None or not creation.makes_engine or creation.is_async:
        return False
    keywords = creation.keywords
    return not (
        keywords.is_open
        or "pool" in keywords
        or creation.pool_class() not in (None, "QueuePool")
        or is_sqlite(creation)
    )
