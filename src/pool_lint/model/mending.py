"""Fixes in terms of nodes: what to insert, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.events import Begun
    from pool_lint.model.names import Names
    from pool_lint.syntax.tree import Tree


def add_keyword(
    call: cst.Call, name: str, value: str, applicability: Applicability
) -> Callable[[Tree], Fix | None]:
    """Write ``name=value`` as the last argument of a call."""

    def fix(tree: Tree) -> Fix | None:
        edits = _keyword_edits(tree, call, f"{name}={value}")
        return Fix(applicability, f"Add `{name}={value}`", edits)

    return fix


def set_keyword(
    call: cst.Call, arg: cst.Arg, value: str, applicability: Applicability
) -> Callable[[Tree], Fix | None]:
    """Give a keyword that is written in the call another value."""

    def fix(tree: Tree) -> Fix | None:
        name = arg.keyword.value if arg.keyword is not None else ""
        edit = Edit(tree.range_of(arg.value), value)
        return Fix(applicability, f"Write `{name}={value}`", (edit,))

    return fix


def _keyword_edits(tree: Tree, call: cst.Call, text: str) -> tuple[Edit, ...]:
    """Insert an argument as the author would: behind the last one, or on a line of its own."""
    closing = tree.range_of(call).end
    before_bracket = Position(closing.row, closing.column - 1)
    if not call.args:
        return (Edit(Range(before_bracket, before_bracket), text),)
    last = call.args[-1]
    brackets = getattr(last.value, "rpar", ())
    end = tree.range_of(brackets[-1] if brackets else last.value).end
    behind = Range(end, end)
    start = tree.range_of(last).start
    previous = tree.range_of(call.args[-2]).end.row if len(call.args) > 1 else None
    if start.row == (previous or tree.range_of(call).start.row):
        return (Edit(behind, f", {text}"),)
    indent = " " * (start.column - 1)
    if tree.indent_of(start.row) and start.column - 1 == len(tree.indent_of(start.row)):
        indent = tree.indent_of(start.row)
    if closing.row == end.row:
        return (Edit(behind, f",{tree.newline}{indent}{text}"),)
    has_comma = isinstance(last.comma, cst.Comma)
    line = f"{indent}{text}{',' if has_comma else ''}{tree.newline}"
    place = Position(end.row + 1, 1)
    new = Edit(Range(place, place), line)
    return (new,) if has_comma else (Edit(behind, ","), new)


def drop_call(call: cst.Call) -> Callable[[Tree], Fix | None]:
    """Name a function instead of calling it."""

    def fix(tree: Tree) -> Fix | None:
        name = tree.range_of(call.func)
        edit = Edit(Range(name.end, tree.range_of(call).end), "")
        return Fix(Applicability.SAFE, "Name the function without calling it", (edit,))

    return fix


def add_await(
    node: cst.CSTNode, parent: cst.CSTNode | None, misplaced: cst.Await | None = None
) -> Callable[[Tree], Fix | None]:
    """Await a call; in brackets where something is done with what it gives.

    Args:
        node: the call.
        parent: what stands around it.
        misplaced: an ``await`` of what is done with it, which goes where it belongs.
    """

    def fix(tree: Tree) -> Fix | None:
        place = tree.range_of(node)
        before = Range(place.start, place.start)
        after = Range(place.end, place.end)
        edits: tuple[Edit, ...] = (Edit(before, "await "),)
        binds_closer = isinstance(parent, (cst.Attribute, cst.Subscript)) or (
            isinstance(parent, cst.Call) and parent.func is node
        )
        if binds_closer and not getattr(node, "lpar", ()):
            edits = (Edit(before, "(await "), Edit(after, ")"))
            if misplaced is not None:
                start = tree.range_of(misplaced).start
                if start.row != place.start.row or misplaced.expression.lpar:
                    return None
                edits = (Edit(Range(start, place.start), "(await "), Edit(after, ")"))
        return Fix(Applicability.SAFE, "Add `await`", edits)

    return fix


def insert_line_before(
    statement: cst.CSTNode, text: str, message: str, applicability: Applicability
) -> Callable[[Tree], Fix | None]:
    """Write a statement on a line of its own before another one."""

    def fix(tree: Tree) -> Fix | None:
        row = tree.range_of(statement).start.row
        if not tree.begins_line(statement):
            return None
        place = Position(row, 1)
        line = f"{tree.indent_of(row)}{text}{tree.newline}"
        return Fix(applicability, message, (Edit(Range(place, place), line),))

    return fix


def move_out(
    statement: cst.CSTNode, block: cst.CSTNode, message: str
) -> Callable[[Tree], Fix | None]:
    """Move a statement out of the block that it is in, in front of it."""

    def fix(tree: Tree) -> Fix | None:
        lines = tree.whole_lines_of(statement)
        if lines is None or not tree.begins_line(block) or holds_lines(statement, tree):
            return None
        outer = tree.indent_of(tree.range_of(block).start.row)
        inner = tree.indent_of(tree.range_of(statement).start.row)
        moved = []
        for line in lines:
            if line.strip() and not line.startswith(inner):
                return None
            moved.append(outer + line[len(inner) :] if line.strip() else line)
        first = tree.range_of(statement).start.row
        removed = Range(Position(first, 1), Position(first + len(lines), 1))
        text = "".join(moved)
        row = tree.range_of(block).start.row
        place = Position(row, 1)
        return Fix(
            Applicability.UNSAFE, message, (Edit(Range(place, place), text), Edit(removed, ""))
        )

    return fix


def holds_lines(statement: cst.CSTNode, tree: Tree) -> bool:
    """Whether a string goes over several lines: to indent it would change it."""
    return any(
        isinstance(node, (cst.SimpleString, cst.FormattedString)) and "\n" in tree.text_of(node)
        for node in walk(statement)
    )


def begin_again(begun: Begun, names: Names) -> Callable[[Tree], Fix | None] | None:
    """End the transaction before ``begin()``, or make a savepoint of a block inside a block."""
    call = begun.node
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
        return None
    name, owner = call.func.attr, call.func.value
    if begun.within:

        def nest(tree: Tree) -> Fix | None:
            edit = Edit(tree.range_of(name), "begin_nested")
            return Fix(Applicability.UNSAFE, "Use `begin_nested()`", (edit,))

        return nest
    block = names.enclosing(call, cst.With)
    if block is None or not begun.is_block:
        return None
    word = "await " if begun.subject.is_async else ""
    statement = block

    def commit(tree: Tree) -> Fix | None:
        text = f"{word}{tree.text_of(owner)}.commit()"
        return insert_line_before(
            statement, text, f"Write `{text}` before the block", Applicability.UNSAFE
        )(tree)

    return commit
