"""Fixes for handlers that try again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix
from pool_lint.model import mending
from pool_lint.model.importing import import_edits
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.disconnects import Uncaught
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import Names
    from pool_lint.model.retrying import TriedAgain
    from pool_lint.syntax.tree import Tree

# What SQLAlchemy raises for whatever a driver raises.
_WIDER = "DBAPIError"


def roll_back(event: TriedAgain, names: Names) -> Callable[[Tree], Fix | None] | None:
    """Make ``rollback()`` the first statement of the handler."""
    handler, call = event.handler, event.work
    owner = (
        call.func.value
        if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute)
        else None
    )
    name = dotted(owner) if owner is not None else None
    if handler is None or name is None or event.subject.is_async is None:
        return None
    if not isinstance(handler.body, cst.IndentedBlock) or event.is_helped:
        return None
    word = "await " if event.subject.is_async else ""
    text = f"{word}{name}.rollback()"
    return mending.insert_line_before(
        handler.body.body[0], text, f"Write `{text}` in the handler", Applicability.UNSAFE
    )


def catch_more(event: Uncaught, lookup: Lookup) -> Callable[[Tree], Fix | None] | None:
    """Write ``DBAPIError`` for the class that was meant to catch a lost connection."""
    wanted = event.path.rpartition(".")[2]
    found = [node for node in walk(event.node) if _last_word(node) == wanted]
    if len(found) != 1 or not event.path.startswith("sqlalchemy."):
        return None
    node = found[0]

    def fix(tree: Tree) -> Fix | None:
        message = f"Catch `{_WIDER}`"
        if isinstance(node, cst.Attribute):
            return Fix(Applicability.UNSAFE, message, (Edit(tree.range_of(node.attr), _WIDER),))
        edits = _only_import(tree, wanted) or import_edits(tree, lookup, "sqlalchemy.exc", _WIDER)
        if edits is None:
            return None
        return Fix(Applicability.UNSAFE, message, (*edits, Edit(tree.range_of(node), _WIDER)))

    return fix


def _last_word(node: cst.CSTNode) -> str:
    word = node.attr if isinstance(node, cst.Attribute) else node
    return word.value if isinstance(word, cst.Name) else ""


def _only_import(tree: Tree, word: str) -> tuple[Edit, ...] | None:
    """Import the wider class in place of one that nothing else uses."""
    text = "".join(tree.source.lines)
    if len(re.findall(rf"\b{word}\b", text)) != 2 or _WIDER in text:
        return None
    for line in tree.module.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(statement, cst.ImportFrom):
                aliases = () if isinstance(statement.names, cst.ImportStar) else statement.names
                for alias in aliases:
                    if _last_word(alias.name) == word and alias.asname is None:
                        return (Edit(tree.range_of(alias.name), _WIDER),)
    return None
