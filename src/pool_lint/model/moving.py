"""Fixes that move statements out of a transaction's block."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.knowledge.words import SESSION_ENDINGS
from pool_lint.model.values import SESSION
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.names import Names
    from pool_lint.model.tails import Statements, Tail
    from pool_lint.model.waits import Wait
    from pool_lint.syntax.tree import Tree


def move_behind(tail: Tail) -> Callable[[Tree], Fix | None]:
    """Move the last statements of a block behind the block."""

    def fix(tree: Tree) -> Fix | None:
        found = _dedented(tail.statements, tail.block, tree)
        if found is None:
            return None
        place, text = found
        message = "Move the call behind the block"
        if len(tail.statements) > 1:
            message = "Move the end of the block behind it"
        return Fix(Applicability.UNSAFE, message, (Edit(place, text),))

    return fix


def _dedented(statements: Statements, block: cst.With, tree: Tree) -> tuple[Range, str] | None:
    """The lines of statements, and the same lines as they would stand behind their block."""
    lines = tree.source.lines
    first = tree.range_of(statements[0]).start.row
    last = tree.range_of(statements[-1]).end.row
    header = tree.range_of(block).start.row
    if any(tree.whole_lines_of(one) is None for one in statements) or not tree.begins_line(block):
        return None
    inner, outer = tree.indent_of(first), tree.indent_of(header)
    while first - 1 > header and lines[first - 2].startswith(f"{inner}#"):
        first -= 1
    written = lines[first - 1 : last]
    if not inner.startswith(outer) or any(mark in line for line in written for mark in _LONG):
        return None
    if any(line.strip() and not line.startswith(inner) for line in written):
        return None
    text = "".join(outer + line[len(inner) :] if line.strip() else line for line in written)
    if text.endswith(("\n", "\r")):
        return Range(Position(first, 1), Position(last + 1, 1)), text
    return Range(Position(first, 1), tree.end_of_row(last)), text


# Where a text goes over several lines, its indentation is part of it.
_LONG = ('"""', "'''")


def commit_before(wait: Wait, names: Names) -> Callable[[Tree], Fix | None] | None:
    """Show ``commit()`` before the slow call, or a block for what comes before it."""
    node = wait.first.call.node
    subject = wait.subject
    owner = _owner_of(wait, names)
    line = _line_of(node, names)
    if subject.kind != SESSION or subject.is_async is None or owner is None or line is None:
        return None
    block = names.enclosing(node, cst.With)
    if isinstance(block, cst.With) and _begins(block):
        return _split(line, block, names)

    def fix(tree: Tree) -> Fix | None:
        word = "await " if subject.is_async else ""
        text = f"{word}{tree.text_of(owner)}.commit()"
        row = tree.range_of(line).start.row
        if not tree.begins_line(line):
            return None
        edit = Edit(
            Range(Position(row, 1), Position(row, 1)), f"{tree.indent_of(row)}{text}{tree.newline}"
        )
        return Fix(Applicability.DISPLAY, f"Write `{text}` before it", (edit,))

    return fix


def _split(
    line: cst.BaseStatement, block: cst.With, names: Names
) -> Callable[[Tree], Fix | None] | None:
    """One block for what is read before the call, and one for what is written after it."""
    suite = block.body
    if names.parents.get(id(line)) is not suite or not isinstance(suite, cst.IndentedBlock):
        return None
    index = next(i for i, one in enumerate(suite.body) if one is line)
    if index == 0 or index == len(suite.body) - 1:
        return None

    def fix(tree: Tree) -> Fix | None:
        found = _dedented([line], block, tree)
        if found is None:
            return None
        place, text = found
        start = tree.range_of(block).start
        header = tree.source.lines[start.row - 1]
        if not header.rstrip().endswith(":"):
            return None
        edit = Edit(place, f"{text}{header}")
        return Fix(
            Applicability.DISPLAY, "Read in a block of its own, and write in another", (edit,)
        )

    return fix


def _begins(block: cst.With) -> bool:
    """``with session.begin():`` and nothing else."""
    call = block.items[0].item
    return (
        len(block.items) == 1
        and block.items[0].asname is None
        and isinstance(call, cst.Call)
        and isinstance(call.func, cst.Attribute)
        and call.func.attr.value == "begin"
    )


def _owner_of(wait: Wait, names: Names) -> cst.BaseExpression | None:
    """How the code names the session that has taken the connection."""
    call, site = wait.since, wait.subject.site
    if any(site is param for param in wait.function.params) and isinstance(site, cst.Param):
        return site.name
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
        return None
    owner = call.func.value
    # A helper that is given the session has no ``commit()`` of its own.
    words = [(dotted(arg.value) or "").lower() for arg in call.args]
    is_helper = any(word.endswith(SESSION_ENDINGS) for word in words)
    if is_helper or call.func.attr.value not in sa.SESSION_METHODS or not names.holds(owner):
        return None
    return owner if isinstance(owner, (cst.Name, cst.Attribute)) else None


def _line_of(node: cst.CSTNode, names: Names) -> cst.BaseStatement | None:
    """The statement that a call stands in."""
    found = names.enclosing(node, cst.SimpleStatementLine, cst.BaseCompoundStatement)
    return found if isinstance(found, cst.BaseStatement) else None
