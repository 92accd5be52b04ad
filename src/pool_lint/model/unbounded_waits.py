"""Where a function waits for an asyncpg pool, for as long as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.time_limits import acquired, has_timeout, is_limited
from pool_lint.model.values import POOL, Method, Value
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.names import Scope


class UnboundedAcquire:
    """A wait for a connection that nothing ends."""

    __slots__ = ("call",)

    def __init__(self, call: cst.Call) -> None:
        self.call = call


class UnboundedClose:
    """A wait for all of a pool's connections that nothing ends.

    Attributes:
        call: ``pool.close()``.
        scope: where it stands.
    """

    __slots__ = ("call", "scope")

    def __init__(self, call: cst.Call, scope: Scope) -> None:
        self.call = call
        self.scope = scope


class UnboundedWaits(Watcher):
    """Notices waits without a limit; what is handed on, others may limit."""

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        parent = self.flow.lookup.names.parents.get(id(node))
        if acquired(result, node) is not None:
            waits = isinstance(parent, (cst.Await, cst.WithItem))
            if waits and not has_timeout(node) and not is_limited(node, self.flow):
                self.flow.events.note(id(node), UnboundedAcquire(node))
            return
        if not _closes_pool(callee) or not isinstance(parent, cst.Await):
            return
        if not is_limited(node, self.flow):
            self.flow.events.note(id(node), UnboundedClose(node, self.flow.scope))


def _closes_pool(callee: Value) -> bool:
    return isinstance(callee, Method) and callee.subject.kind == POOL and callee.name == "close"
