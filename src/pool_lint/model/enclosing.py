"""The fix for what is opened and not closed: a block around all that uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.closing import references
from pool_lint.model.mending import holds_lines
from pool_lint.model.values import CONNECTION, SESSION
from pool_lint.syntax.walk import last_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pool_lint.model.late_use import LooseCursor
    from pool_lint.model.leaking import Leak
    from pool_lint.model.names import FunctionInfo, Names
    from pool_lint.syntax.tree import Tree

# What a ``with`` block can enter; what a driver gives it cannot.
_ENTERED = frozenset(("connect", "acquire"))


class _Place:
    """The statement that opens, and those behind it in its block."""

    def __init__(self, line: cst.SimpleStatementLine, name: str, value: cst.CSTNode) -> None:
        self.line = line
        self.name = name
        self.value = value
        self.rest: list[cst.CSTNode] = []
        self.ending: cst.CSTNode | None = None


def enter(leak: Leak, info: FunctionInfo) -> Callable[[Tree], Fix | None] | None:
    """Open it by a ``with`` block, or close it in a ``finally`` where it can enter none.

    Args:
        leak: what is left open.
        info: the function that opens it.

    Returns:
        The fix, or None where only the author knows how far it reaches.
    """
    if leak.is_chained:
        return _name_it(leak, info)
    is_async = leak.subject.is_async
    if is_async is None or (is_async and not info.is_async) or len(leak.names) != 1:
        return None
    place = _place(leak, info)
    if place is None:
        return None
    return _wrap(place, is_async, _is_entered(leak))


def _is_entered(leak: Leak) -> bool:
    site, creation = leak.subject.site, leak.subject.creation
    if leak.subject.kind == SESSION:
        return True
    bare = creation is not None and creation.role == sa.PG_CONNECT
    return not bare and isinstance(site, cst.Call) and last_word(site.func) in _ENTERED


def _place(leak: Leak, info: FunctionInfo) -> _Place | None:
    parents = info.names.parents
    value = leak.subject.site
    assign = parents.get(id(value))
    if isinstance(assign, cst.Await):
        value, assign = assign, parents.get(id(assign))
    line = parents.get(id(assign)) if isinstance(assign, cst.Assign) else None
    block = parents.get(id(line)) if line is not None else None
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    if not isinstance(block, cst.IndentedBlock):
        return None
    place = _Place(line, leak.names[0], value)
    body: list[cst.CSTNode] = list(block.body)
    place.rest = body[body.index(line) + 1 :]
    if leak.ending is not None:
        ending = info.names.enclosing(leak.ending, cst.SimpleStatementLine)
        if ending is None or not any(ending is one for one in place.rest):
            return None
        place.ending = ending
    return place if _is_all(place, assign, info) else None


def _is_all(place: _Place, assign: cst.CSTNode | None, info: FunctionInfo) -> bool:
    """Whether the name means nothing else, and nobody speaks of it outside of the block."""
    if len(info.scope.names.get(place.name, ())) != 1:
        return False
    inside = {id(assign), *(id(one) for one in place.rest)}
    parents = info.names.parents
    for node in references(place.name, info):
        current: cst.CSTNode | None = node
        while current is not None and id(current) not in inside:
            current = parents.get(id(current))
        if current is None:
            return False
    return any(one is not place.ending for one in place.rest)


def _wrap(place: _Place, is_async: bool, enters: bool) -> Callable[[Tree], Fix | None]:
    def fix(tree: Tree) -> Fix | None:
        if any(not tree.begins_line(one) or holds_lines(one, tree) for one in place.rest):
            return None
        opening = tree.range_of(place.line)
        if not tree.begins_line(place.line) or opening.start.row != opening.end.row:
            return None
        outer, step = tree.indent_of(opening.start.row), tree.step
        word = "await " if is_async else ""
        if enters:
            value = place.value.expression if isinstance(place.value, cst.Await) else place.value
            made = tree.text_of(value)
            head = [f"{outer}{'async ' if is_async else ''}with {made} as {place.name}:"]
            tail = []
            message = f"Open `{place.name}` by a `with` block"
        else:
            head = [tree.source.lines[opening.start.row - 1].rstrip("\r\n"), f"{outer}try:"]
            tail = [f"{outer}finally:", f"{outer}{step}{word}{place.name}.close()"]
            message = f"Close `{place.name}` in a `finally`"
        end = tree.range_of(place.rest[-1]).end.row
        body = _deeper(place, tree, opening.start.row + 1, end)
        text = tree.newline.join((*head, *body, *tail))
        edit = Edit(Range(Position(opening.start.row, 1), tree.end_of_row(end)), text)
        return Fix(Applicability.UNSAFE, message, (edit,))

    return fix


def _deeper(place: _Place, tree: Tree, begin: int, end: int) -> Sequence[str]:
    """The lines of the block, one step deeper, without the one that closes."""
    left_out: range = range(0)
    if place.ending is not None:
        gone = tree.range_of(place.ending)
        left_out = range(gone.start.row, gone.end.row + 1)
    lines: list[str] = []
    for row in range(begin, end + 1):
        line = tree.source.lines[row - 1].rstrip("\r\n")
        if row not in left_out:
            lines.append(tree.step + line if line.strip() else line)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _name_it(leak: Leak, info: FunctionInfo) -> Callable[[Tree], Fix | None] | None:
    """Give a connection that is used where it is opened a name, by a block around the statement."""
    parents = info.names.parents
    made: cst.CSTNode = leak.subject.site
    is_async = leak.subject.is_async
    around = parents.get(id(made))
    if isinstance(around, cst.Await):
        made = around
    name = "connection" if leak.subject.kind == CONNECTION else "session"
    statement = info.names.enclosing(made, cst.Return, cst.Expr, cst.BaseCompoundStatement)
    line = parents.get(id(statement)) if isinstance(statement, (cst.Return, cst.Expr)) else None
    if is_async is None or not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    if name in info.scope.names or leak.subject.kind not in (CONNECTION, SESSION):
        return None

    def fix(tree: Tree) -> Fix | None:
        place = tree.range_of(line)
        if not tree.begins_line(line) or place.start.row != place.end.row:
            return None
        text = tree.text_of(line)
        call = tree.text_of(leak.subject.site)
        written = f"(await {call})" if made is not leak.subject.site else call
        if text.count(written) != 1:
            return None
        opening = f"{'async ' if is_async else ''}with {call} as {name}:"
        deeper = tree.indent_of(place.start.row) + tree.step
        new = f"{opening}{tree.newline}{deeper}{text.replace(written, name).strip()}"
        return Fix(
            Applicability.UNSAFE, f"Open it by a `with` block as `{name}`", (Edit(place, new),)
        )

    return fix


def add_transaction(loose: LooseCursor, names: Names) -> Callable[[Tree], Fix | None] | None:
    """Begin a transaction in the block that opens the connection.

    Args:
        loose: the cursor.
        names: the names of its module.
    """
    item = names.parents.get(id(loose.subject.site))
    if not isinstance(item, cst.WithItem) or item.asname is None:
        return None
    target = item.asname.name
    block = names.parents.get(id(item))
    if not isinstance(target, cst.Name) or not isinstance(block, cst.With):
        return None

    def fix(tree: Tree) -> Fix | None:
        text = f"{target.value}.transaction()"
        end = tree.range_of(target).end
        edit = Edit(Range(end, end), f", {text}")
        return Fix(Applicability.UNSAFE, f"Enter `{text}` with it", (edit,))

    return fix
