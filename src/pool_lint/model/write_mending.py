"""Fixes that commit what would be lost, or keep a block's transaction whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range
from pool_lint.model import mending
from pool_lint.model.values import SESSION
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.block_ends import SwallowedError, UsedAfterEnd
    from pool_lint.model.fates import LostWrites
    from pool_lint.model.names import Names
    from pool_lint.syntax.tree import Tree

    Mend = Callable[[Tree], Fix | None]

_ENDING = frozenset(("commit", "rollback", "begin", "begin_nested", "close"))
_LEAVING = (cst.Return, cst.Break, cst.Continue, cst.FunctionDef, cst.Lambda)


def commit_at_end(event: LostWrites, names: Names) -> Mend | None:
    """Commit what a block has written: by ``engine.begin()``, or by a line at its end."""
    site = event.subject.site
    item = names.parents.get(id(site))
    block = names.parents.get(id(item)) if isinstance(item, cst.WithItem) else None
    if not isinstance(block, cst.With) or not isinstance(item, cst.WithItem):
        return None
    name = item.asname.name if item.asname is not None else None
    if not isinstance(name, cst.Name) or not all(
        _is_in(node, block, names) for node in event.nodes
    ):
        return None
    func = site.func if isinstance(site, cst.Call) else None
    if isinstance(func, cst.Attribute) and func.attr.value == "connect":
        return None if _ends(block, name.value) else _begin_instead(func)
    if event.closed is not None and not isinstance(
        names.parents.get(id(event.closed)), cst.WithItem
    ):
        # A line at the end of the block would come too late.
        return None
    return _commit_line(block, name.value, event.subject.is_async)


def _is_in(node: cst.CSTNode, block: cst.With, names: Names) -> bool:
    current: cst.CSTNode | None = node
    while current is not None and current is not block:
        current = names.enclosing(current, cst.With, cst.FunctionDef)
    return current is block


def _ends(block: cst.With, name: str) -> bool:
    """Whether a transaction of the connection is begun or ended in its block."""
    return any(
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in _ENDING
        and dotted(node.func.value) == name
        for node in walk(block.body)
    )


def _begin_instead(func: cst.Attribute) -> Mend:
    def fix(tree: Tree) -> Fix | None:
        edit = Edit(tree.range_of(func.attr), "begin")
        return Fix(Applicability.UNSAFE, "Use `begin()`, which commits", (edit,))

    return fix


def _commit_line(block: cst.With, name: str, is_async: bool | None) -> Mend | None:
    body = block.body
    if not isinstance(body, cst.IndentedBlock) or is_async is None:
        return None
    last = body.body[-1]
    ends = isinstance(last, cst.SimpleStatementLine) and isinstance(last.body[-1], cst.Return)
    inner = body.body[:-1] if ends else body.body
    if any(isinstance(node, _LEAVING) for statement in inner for node in walk(statement)):
        return None
    text = f"{'await ' if is_async else ''}{name}.commit()"
    message = f"Write `{text}` at the end of the block"
    if ends:
        return mending.insert_line_before(last, text, message, Applicability.UNSAFE)

    def fix(tree: Tree) -> Fix | None:
        if not tree.begins_line(last):
            return None
        indent = tree.indent_of(tree.range_of(last).start.row)
        place = tree.end_of_row(tree.range_of(last).end.row)
        edit = Edit(Range(place, place), f"{tree.newline}{indent}{text}")
        return Fix(Applicability.UNSAFE, message, (edit,))

    return fix


def drop_commit(event: UsedAfterEnd, names: Names) -> Mend | None:
    """Leave the commit to the end of the block."""
    if len(event.ends) != 1 or event.word != "commit":
        return None
    call = event.ends[0]
    if event.subject.kind == SESSION:
        # What follows may need what has been written by then: a refresh, a generated key.
        return _flush_instead(call)
    statement = names.enclosing(call, cst.SimpleStatementLine)
    suite = names.parents.get(id(statement)) if statement is not None else None
    if (
        not isinstance(statement, cst.SimpleStatementLine)
        or len(statement.body) != 1
        or not isinstance(statement.body[0], cst.Expr)
        or not isinstance(suite, cst.IndentedBlock)
        or len(suite.body) < 2
    ):
        return None

    def fix(tree: Tree) -> Fix | None:
        lines = tree.whole_lines_of(statement)
        if lines is None or any("#" in line for line in lines):
            return None
        first = tree.range_of(statement).start.row
        gone = Range(Position(first, 1), Position(first + len(lines), 1))
        return Fix(Applicability.UNSAFE, "Leave the commit to the block", (Edit(gone, ""),))

    return fix


def _flush_instead(call: cst.CSTNode) -> Mend | None:
    """Write what is pending, and leave the commit to the end of the block."""
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
        return None
    word = call.func.attr
    if word.value != "commit":
        return None

    def fix(tree: Tree) -> Fix | None:
        edit = Edit(tree.range_of(word), "flush")
        return Fix(Applicability.UNSAFE, "Flush, and leave the commit to the block", (edit,))

    return fix


def add_savepoint(event: SwallowedError, names: Names) -> Mend | None:
    """Put the body of the ``try`` into a savepoint."""
    attempt = names.parents.get(id(event.handler))
    call = event.node
    if (
        not isinstance(attempt, cst.Try)
        or not isinstance(attempt.body, cst.IndentedBlock)
        or not isinstance(call, cst.Call)
        or not isinstance(call.func, cst.Attribute)
        or event.subject.is_async is None
    ):
        return None
    body, owner = attempt.body, call.func.value
    word = "async with" if event.subject.is_async else "with"

    def fix(tree: Tree) -> Fix | None:
        first, last = body.body[0], body.body[-1]
        begin, end = tree.range_of(first).start.row, tree.range_of(last).end.row
        if not tree.begins_line(first) or _has_long_text(body, tree):
            return None
        indent = tree.indent_of(begin)
        outer = tree.indent_of(tree.range_of(attempt).start.row)
        step = indent[len(outer) :] if indent.startswith(outer) else "    "
        head = f"{indent}{word} {tree.text_of(owner)}.begin_nested():{tree.newline}"
        edits = [Edit(_at(begin), head + step)]
        edits += [Edit(_at(row), step) for row in range(begin + 1, end + 1)
                  if tree.source.lines[row - 1].strip()]  # fmt: skip
        return Fix(Applicability.UNSAFE, "Put it into `begin_nested()`", tuple(edits))

    return fix


def _at(row: int) -> Range:
    return Range(Position(row, 1), Position(row, 1))


def _has_long_text(body: cst.IndentedBlock, tree: Tree) -> bool:
    """Whether a string goes over several lines, whose indentation belongs to it."""
    for node in walk(body):
        if isinstance(node, (cst.SimpleString, cst.FormattedString)):
            place = tree.range_of(node)
            if place.start.row != place.end.row:
                return True
    return False
