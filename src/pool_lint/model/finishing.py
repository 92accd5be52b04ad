"""The fix for what is not closed: a ``finally`` around the ``yield``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.disposal import Unclosed
    from pool_lint.model.names import Names
    from pool_lint.syntax.tree import Tree


def add_finally(unclosed: Unclosed, names: Names) -> Callable[[Tree], Fix | None] | None:
    """Close an engine in a ``finally``, where its function ends with ``yield`` and nothing else.

    Args:
        unclosed: the engine.
        names: the names of its module.

    Returns:
        The fix, or None where only the author knows how far the engine reaches.
    """
    info, closing = unclosed.function, unclosed.closing
    block = info.node.body
    if len(info.yields) != 1 or not isinstance(block, cst.IndentedBlock) or unclosed.name == "it":
        return None
    last = block.body[-1]
    ending = names.enclosing(closing, cst.SimpleStatementLine) if closing is not None else None
    statement = block.body[-2] if ending is not None and len(block.body) > 1 else last
    if ending is not None and ending is not last:
        return None
    if names.enclosing(info.yields[0], cst.SimpleStatementLine) is not statement:
        return None
    creation = unclosed.creation
    word = "dispose" if creation.makes_engine else "close"
    call = f"{'await ' if creation.is_async else ''}{unclosed.name}.{word}()"

    def fix(tree: Tree) -> Fix | None:
        whole = tree.whole_lines_of(statement)
        row = tree.range_of(statement).start.row
        end = tree.range_of(last).end.row
        if whole is None or len(whole) != 1 or end != row + (ending is not None):
            return None
        if ending is not None and tree.whole_lines_of(ending) is None:
            return None
        outer, newline = tree.indent_of(row), tree.newline
        inner = outer + tree.module.default_indent
        lines = tree.source.lines
        kept = lines[end - 1].strip() if ending is not None else call
        text = newline.join(
            (f"{outer}try:", inner + whole[0].strip(), f"{outer}finally:", inner + kept)
        )
        edit = Edit(Range(Position(row, 1), tree.end_of_row(end)), text)
        return Fix(Applicability.UNSAFE, f"Write `{call}` in a `finally`", (edit,))

    return fix
