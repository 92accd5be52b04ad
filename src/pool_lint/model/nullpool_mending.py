"""The fix that gives an engine no pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix
from pool_lint.model.arguments import removal
from pool_lint.model.importing import import_edits
from pool_lint.model.mending import add_keyword

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.syntax.tree import Tree

# ``NullPool`` refuses these, and the last two mean nothing to it.
_REFUSED = frozenset(("pool_size", "max_overflow", "pool_timeout", "pool_use_lifo", "poolclass",
                      "pool_pre_ping", "pool_recycle"))  # fmt: skip


def without_pool(creation: Creation, model: ModuleModel) -> Callable[[Tree], Fix | None] | None:
    """Write ``poolclass=NullPool`` where an engine is made.

    Args:
        creation: the call that makes the engine.
        model: the module that is linted.

    Returns:
        None where it is made elsewhere, or is no engine, or where its arguments come from elsewhere.
    """
    call, given = creation.call, creation.keywords
    if not creation.makes_engine or creation.scope.owner is not model.names:
        return None
    if any(name not in given.nodes for name in _REFUSED.intersection(given.values)):
        return None
    refused = [arg for arg in call.args if _name(arg) in _REFUSED]

    def fix(tree: Tree) -> Fix | None:
        imported = import_edits(tree, model.lookup, "sqlalchemy.pool", "NullPool")
        if imported is None:
            return None
        if refused:
            new = Edit(tree.range_of(refused[0]), "poolclass=NullPool")
            edits: tuple[Edit, ...] = (new, *removal(tree, call, refused[1:]))
        else:
            written = add_keyword(call, "poolclass", "NullPool", Applicability.UNSAFE)(tree)
            edits = written.edits if written is not None else ()
        return Fix(Applicability.UNSAFE, "Write `poolclass=NullPool`", (*imported, *edits))

    return fix


def _name(arg: cst.Arg) -> str:
    return arg.keyword.value if arg.keyword is not None else ""
