"""The fix for what is not closed: a ``finally`` around what uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range
from pool_lint.model.mending import holds_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pool_lint.model.disposal import Unclosed
    from pool_lint.model.names import Names
    from pool_lint.syntax.tree import Tree


def add_finally(unclosed: Unclosed, names: Names) -> Callable[[Tree], Fix | None] | None:
    """Close an engine in a ``finally``: behind a last ``yield``, or at the end of its function.

    Args:
        unclosed: the engine.
        names: the names of its module.

    Returns:
        The fix, or None where only the author knows how far the engine reaches.
    """
    block = unclosed.function.node.body
    if unclosed.is_hook or not isinstance(block, cst.IndentedBlock) or unclosed.name == "it":
        return None
    statements: list[cst.CSTNode] = list(block.body)
    ending = _ending(unclosed, names)
    if len(unclosed.closings) > 1 or (ending is not None and ending not in statements):
        return None
    if unclosed.function.is_generator:
        first: cst.CSTNode | None = names.enclosing(
            unclosed.function.yields[0], cst.SimpleStatementLine
        )
        if len(unclosed.function.yields) != 1 or first not in statements:
            return None
        begin = statements.index(first)
        if [one for one in statements[begin + 1 :] if one is not ending]:
            return None
    else:
        first = names.enclosing(unclosed.creation.call, cst.SimpleStatementLine)
        if first not in statements:
            return None
        begin = statements.index(first) + 1
    return _wrap(statements[begin:], ending, unclosed)


def _ending(unclosed: Unclosed, names: Names) -> cst.CSTNode | None:
    """The statement that closes it on some path."""
    if not unclosed.closings:
        return None
    return names.enclosing(unclosed.closings[0], cst.SimpleStatementLine) or unclosed.closings[0]


def _wrap(
    statements: Sequence[cst.CSTNode], ending: cst.CSTNode | None, unclosed: Unclosed
) -> Callable[[Tree], Fix | None] | None:
    """Put statements into a ``try``, and the one that closes into its ``finally``."""
    if not statements or statements[0] is ending:
        return None
    creation = unclosed.creation
    word = "dispose" if creation.makes_engine else "close"
    call = f"{'await ' if creation.is_async else ''}{unclosed.name}.{word}()"

    def fix(tree: Tree) -> Fix | None:
        begin = tree.range_of(statements[0]).start.row
        end = tree.range_of(statements[-1]).end.row
        moved = tree.range_of(ending).start.row if ending is not None else 0
        for one in statements:
            if not tree.begins_line(one) or holds_lines(one, tree):
                return None
        if ending is not None and len(tree.whole_lines_of(ending) or ()) != 1:
            return None
        outer, step = tree.indent_of(begin), tree.step
        lines = [f"{outer}try:"]
        last = call
        for row in range(begin, end + 1):
            line = tree.source.lines[row - 1].rstrip("\r\n")
            if row == moved:
                last = line.strip()
            else:
                lines.append(step + line if line.strip() else line)
        while not lines[-1].strip():
            lines.pop()
        lines += [f"{outer}finally:", outer + step + last]
        edit = Edit(Range(Position(begin, 1), tree.end_of_row(end)), tree.newline.join(lines))
        return Fix(Applicability.UNSAFE, f"Write `{call}` in a `finally`", (edit,))

    return fix
