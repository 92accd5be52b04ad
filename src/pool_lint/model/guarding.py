"""Locks and semaphores: how many may be in a place at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge.words import LOCK_ENDINGS
from pool_lint.model.values import Origin
from pool_lint.syntax.walk import dotted, last_word

if TYPE_CHECKING:
    from pool_lint.model.names import FunctionInfo, Scope

# Only one at a time, or only some.
LOCK = "lock"
LIMIT = "limit"


def guard_of(node: cst.CSTNode, scope: Scope) -> str:
    """What keeps others out while ``node`` runs: LOCK, LIMIT or nothing."""
    parents = scope.owner.parents
    found = ""
    current = parents.get(id(node))
    # Comparing types is much cheaper than asking libcst's, which are abstract.
    while current is not None and type(current) is not cst.FunctionDef:
        if type(current) is cst.With:
            for item in current.items:
                guard = _guard(item.item, scope)
                if guard == LOCK:
                    return LOCK
                found = found or guard
        current = parents.get(id(current))
    return found


def is_limited(info: FunctionInfo) -> bool:
    """Whether a function lets only some of those in who call it, be it for a part of its work."""
    return any(_guard(item.item, info.scope) for block in info.blocks for item in block.items)


def _guard(node: cst.BaseExpression, scope: Scope) -> str:
    named = node.func if isinstance(node, cst.Call) else node
    word = (last_word(named) or "").lower()
    value = scope.owner.lookup.expression(node, scope)
    path = value.path.rpartition(".")[2] if isinstance(value, Origin) else ""
    if not word.endswith(LOCK_ENDINGS) and path not in (
        "Lock()",
        "Semaphore()",
        "CapacityLimiter()",
    ):
        return ""
    # Of a semaphore that nobody sees made, one must be assumed to be enough.
    size = _size(node, scope)
    return LIMIT if size is not None and size > 1 else LOCK


def _size(node: cst.BaseExpression, scope: Scope) -> int | None:
    """How many a semaphore lets in."""
    name = dotted(node)
    home = scope.find(name) if name is not None else None
    if name is None:
        return None
    if home is not None:
        nodes = [binding.node for binding in home.names[name]]
    else:
        nodes = [b.node for b in scope.owner.stored.get(".".join(name.split(".")[-2:]), ())]
    for made in nodes:
        if isinstance(made, cst.Call) and made.args:
            value = made.args[0].value
            if isinstance(value, cst.Integer):
                return value.evaluated_value
            return 2
    return None
