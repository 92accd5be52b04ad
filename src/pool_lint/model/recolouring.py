"""Fixes that make sync of async, or the reverse: a word less or a word more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.events import WrongBlock
    from pool_lint.syntax.tree import Tree

_ASYNC = "async "


def drop_await(node: cst.Await, parent: cst.CSTNode | None) -> Callable[[Tree], Fix | None]:
    """Take an ``await`` away, and the brackets that it alone needed."""
    inner = node.expression

    def fix(tree: Tree) -> Fix | None:
        begin = tree.range_of(node).start
        brackets = inner.lpar
        start = tree.range_of(brackets[0] if brackets else inner).start
        edits: tuple[Edit, ...] = (Edit(Range(begin, start), ""),)
        if len(node.lpar) == 1 and isinstance(parent, (cst.Attribute, cst.Subscript)):
            opening, closing = tree.range_of(node.lpar[0]), tree.range_of(node.rpar[0])
            if opening.start.row == closing.end.row:
                edits = (
                    Edit(Range(opening.start, start), ""),
                    Edit(Range(tree.range_of(node).end, closing.end), ""),
                )
        return Fix(Applicability.SAFE, "Drop the `await`", edits)

    return fix


def mend_block(event: WrongBlock) -> Callable[[Tree], Fix | None] | None:
    """Write ``async`` before a ``with``, take it away, or call the factory that is entered."""
    if event.how == "uncalled":
        return _call(event.node)
    if not event.alone or (event.how == "sync" and _is_awaited_in(event.block)):
        return None
    return _make_async(event.block) if event.how == "async" else _make_sync(event.block)


def _is_awaited_in(block: cst.With) -> bool:
    """Whether the block awaits what it is given: a plain ``with`` alone would not make it right."""
    names = {
        item.asname.name.value
        for item in block.items
        if item.asname is not None and isinstance(item.asname.name, cst.Name)
    }
    return any(
        isinstance(inner, cst.Name) and inner.value in names
        for node in walk(block.body)
        if isinstance(node, cst.Await)
        for inner in walk(node.expression)
    )


def _call(node: cst.CSTNode) -> Callable[[Tree], Fix | None]:
    def fix(tree: Tree) -> Fix | None:
        end = tree.range_of(node).end
        return Fix(Applicability.SAFE, "Call the factory", (Edit(Range(end, end), "()"),))

    return fix


def _make_async(block: cst.With) -> Callable[[Tree], Fix | None]:
    def fix(tree: Tree) -> Fix | None:
        start = tree.range_of(block).start
        edit = Edit(Range(start, start), _ASYNC)
        return Fix(Applicability.SAFE, "Write `async with`", (edit,))

    return fix


def _make_sync(block: cst.With) -> Callable[[Tree], Fix | None]:
    def fix(tree: Tree) -> Fix | None:
        start = tree.range_of(block).start
        if not tree.text_of(block).startswith(f"{_ASYNC}with"):
            return None
        end = Position(start.row, start.column + len(_ASYNC))
        return Fix(Applicability.SAFE, "Write `with`", (Edit(Range(start, end), ""),))

    return fix
