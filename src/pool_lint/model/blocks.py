"""What ``with`` statements bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from pool_lint.model.names import Names


def is_entered(node: cst.CSTNode, names: Names) -> bool:
    """Whether an expression is a name that a block binds, and nothing else does."""
    if not isinstance(node, cst.Name):
        return False
    home = names.scope_at(node).find(node.value)
    bindings = home.names[node.value] if home is not None else ()
    return bool(bindings) and all(binding.kind == "enter" for binding in bindings)
