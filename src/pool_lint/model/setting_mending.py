"""Fixes for settings that outlive their transaction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range
from pool_lint.knowledge import settings_sql as table

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.leftovers import Left
    from pool_lint.syntax.tree import Tree

_SET = re.compile(
    r"(?P<open>[rRfFbBuU]*(?:'''|\"\"\"|'|\")\s*)(?P<set>SET)(?P<session>\s+SESSION)?(?=\s)",
    re.IGNORECASE,
).match
_SPECIAL = ("schema", "session authorization", "session characteristics")


def set_locally(left: Left) -> Callable[[Tree], Fix | None] | None:
    """Write ``SET LOCAL``, which ends with the transaction."""
    statement = left.statement
    if left.what != table.SETTING or statement is None or left.name in _SPECIAL:
        return None
    if isinstance(left.until, cst.Yield) or left.until is None:
        return None
    literal = statement.literal
    while isinstance(literal, cst.ConcatenatedString):
        literal = literal.left

    def fix(tree: Tree) -> Fix | None:
        found = _SET(tree.text_of(literal))
        start = tree.range_of(literal).start
        if found is None or "\n" in found["open"]:
            return None
        first = Position(start.row, start.column + found.start("set"))
        last = Position(start.row, start.column + found.end())
        word = f"{found['set']} {'local' if found['set'].islower() else 'LOCAL'}"
        edit = Edit(Range(first, last), word)
        return Fix(Applicability.UNSAFE, f"Write `{word}`", (edit,))

    return fix
