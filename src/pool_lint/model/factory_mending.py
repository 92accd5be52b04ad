"""Fixes that make a factory of sessions one of the other kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix
from pool_lint.model import mending
from pool_lint.model.importing import import_edits
from pool_lint.model.values import Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.syntax.tree import Tree


def async_factory(creation: Creation, model: ModuleModel) -> Callable[[Tree], Fix | None] | None:
    """Make a factory of plain sessions an ``async_sessionmaker``.

    Args:
        creation: the factory.
        model: the module that it stands in.

    Returns:
        The fix; None where the code that opens the sessions would have to change as well.
    """
    func, keywords = creation.call.func, creation.keywords
    if not isinstance(func, cst.Name) or func.value != "sessionmaker" or "class_" in keywords:
        return None
    if not all(_is_entered_async(call, model) for call in _calls_of(creation, model)):
        return None
    add = mending.add_keyword(creation.call, "expire_on_commit", "False", Applicability.SAFE)

    def fix(tree: Tree) -> Fix | None:
        name = "async_sessionmaker"
        imported = import_edits(tree, model.lookup, "sqlalchemy.ext.asyncio", name)
        if imported is None:
            return None
        edits = (*imported, Edit(tree.range_of(func), name))
        more = add(tree) if keywords.lacks("expire_on_commit") else None
        return Fix(
            Applicability.SAFE,
            f"Write `{name}`",
            edits if more is None else (*edits, *more.edits),
        )

    return fix


def _calls_of(creation: Creation, model: ModuleModel) -> Iterator[cst.Call]:
    """Where the factory makes sessions."""
    for call, scope in model.names.calls:
        func = call.func
        if isinstance(func, cst.Attribute) and func.attr.value == "begin":
            func = func.value
        value = model.lookup.expression(func, scope)
        if isinstance(value, Resource) and value.site is creation.call:
            yield call


def _is_entered_async(call: cst.Call, model: ModuleModel) -> bool:
    """Whether it is an ``async with`` already; any other code would be wrong in another way."""
    block = model.names.enclosing(call, cst.With)
    return (
        isinstance(block, cst.With)
        and block.asynchronous is not None
        and any(item.item is call for item in block.items)
    )
