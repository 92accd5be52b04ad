"""What ``with`` statements bind, and which handlers catch everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from pool_lint.model.names import Names

_WIDE = frozenset(("Exception", "BaseException"))


def is_entered(node: cst.CSTNode, names: Names) -> bool:
    """Whether an expression is a name that a block binds, and nothing else does."""
    if not isinstance(node, cst.Name):
        return False
    home = names.scope_at(node).find(node.value)
    bindings = home.names[node.value] if home is not None else ()
    return bool(bindings) and all(binding.kind == "enter" for binding in bindings)


def is_wide(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> bool:
    """Whether a handler catches whatever an ordinary call raises."""
    if handler.type is None:
        return True
    return any(isinstance(node, cst.Name) and node.value in _WIDE for node in walk(handler.type))
