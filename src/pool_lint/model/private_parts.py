"""Where code reaches into what an asyncpg pool keeps for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix
from pool_lint.knowledge import asyncpg as table
from pool_lint.model.values import POOL, Const, Origin, Resource, Value
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pool_lint.syntax.tree import Tree

_WRITING = (cst.AssignTarget, cst.AugAssign, cst.AnnAssign, cst.Del)


class PrivateUse:
    """A private attribute of a pool.

    Attributes:
        node: where it is read or written.
        name: the attribute.
        instead: the public method to call; empty where there is none.
        is_same: whether that gives the very same.
        whole: what the call takes the place of; None where nothing can.
    """

    __slots__ = ("instead", "is_same", "name", "node", "whole")

    def __init__(self, node: cst.CSTNode, name: str) -> None:
        self.node = node
        self.name = name
        self.instead = ""
        self.is_same = False
        self.whole: cst.CSTNode | None = None


class PrivateUses(Watcher):
    """Notices private attributes of pools."""

    def read(self, value: Value, node: cst.CSTNode) -> None:
        if not isinstance(node, cst.Attribute) or not _is_private(value, node.attr.value):
            return
        if not self._is_own(node.value):
            self.flow.events.note(id(node), self._use(node))

    def bound(self, target: cst.BaseExpression, value: Value) -> None:
        if isinstance(target, cst.Attribute) and target.attr.value in table.PRIVATE:
            value = self.flow.callee_value(target.value)
            if _is_private(value, target.attr.value) and not self._is_own(target.value):
                self.flow.events.note(id(target), PrivateUse(target, target.attr.value))

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if not isinstance(callee, Origin) or callee.path != "getattr" or len(values) < 2:
            return
        name = values[1].value if isinstance(values[1], Const) else None
        if isinstance(name, str) and _is_private(values[0], name):
            use = PrivateUse(node, name)
            use.instead = table.PUBLIC.get(name) or table.MEANT.get(name, "")
            self.flow.events.note(id(node), use)

    def _is_own(self, node: cst.BaseExpression) -> bool:
        """Whether a class that descends from the pool's speaks of its own object."""
        info = self.flow.info
        return info is not None and isinstance(node, cst.Name) and node.value == info.self_name

    def _use(self, node: cst.Attribute) -> PrivateUse:
        use = PrivateUse(node, node.attr.value)
        name, parents = use.name, self.flow.lookup.names.parents
        if isinstance(parents.get(id(node)), _WRITING):
            return use
        if name in table.COUNTED:
            use.whole = (_length if name == "_holders" else _size)(node, parents)
            use.instead = table.COUNTED[name] if use.whole is not None else ""
            return use
        use.is_same = name in table.PUBLIC
        use.instead = table.PUBLIC.get(name) or table.MEANT.get(name, "")
        use.whole = node if use.instead else None
        return use


def _is_private(value: Value, name: str) -> bool:
    return isinstance(value, Resource) and value.kind == POOL and name in table.PRIVATE


def _length(node: cst.Attribute, parents: dict[int, cst.CSTNode]) -> cst.CSTNode | None:
    """The call of ``len(pool._holders)``."""
    around = parents.get(id(node))
    call = parents.get(id(around)) if isinstance(around, cst.Arg) else None
    if not isinstance(call, cst.Call) or len(call.args) != 1:
        return None
    return call if isinstance(call.func, cst.Name) and call.func.value == "len" else None


def _size(node: cst.Attribute, parents: dict[int, cst.CSTNode]) -> cst.CSTNode | None:
    """The call of ``pool._queue.qsize()``."""
    around = parents.get(id(node))
    call = parents.get(id(around)) if isinstance(around, cst.Attribute) else None
    is_size = isinstance(around, cst.Attribute) and around.attr.value == "qsize"
    return call if is_size and isinstance(call, cst.Call) else None


def call_public(use: PrivateUse) -> Callable[[Tree], Fix | None] | None:
    """Call the public method instead."""
    whole, node = use.whole, use.node
    if whole is None or not isinstance(node, cst.Attribute):
        return None
    owner = node.value

    def fix(tree: Tree) -> Fix | None:
        kind = Applicability.SAFE if use.is_same else Applicability.UNSAFE
        text = f"{tree.text_of(owner)}.{use.instead}"
        return Fix(kind, f"Call `{use.instead}`", (Edit(tree.range_of(whole), text),))

    return fix
