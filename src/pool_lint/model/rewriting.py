"""Fixes that write a call's arguments anew: a word of a URL, an entry of a mapping, a keyword less."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range
from pool_lint.model.arguments import removal
from pool_lint.syntax.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.engine_calls import EngineCall
    from pool_lint.model.urls import Literal

Fixing = Callable[[Tree], Fix | None]


def drop(call: EngineCall, names: Sequence[str], applicability: Applicability) -> Fixing | None:
    """Take keywords away; None where not all of them are written in the call itself."""
    args = [call.keywords.nodes[name] for name in names if name in call.keywords.nodes]
    if len(args) != len(names):
        return None

    def fix(tree: Tree) -> Fix | None:
        listed = " and ".join(f"`{name}`" for name in names)
        edits = removal(tree, call.call, args)
        return Fix(safety(tree, edits, args, applicability), f"Drop {listed}", edits)

    return fix


def safety(
    tree: Tree, edits: Sequence[Edit], nodes: Sequence[cst.CSTNode], otherwise: Applicability
) -> Applicability:
    """How safe it is to take nodes away: whoever loses a comment with them must be asked."""
    lines = tree.source.lines
    removed = sum(
        line.count("#")
        for edit in edits
        for line in lines[
            edit.range.start.row - 1 : max(edit.range.end.row - 1, edit.range.start.row)
        ]
    )
    own = sum(tree.text_of(node).count("#") for node in nodes)
    return Applicability.UNSAFE if removed > own else otherwise


def replace_text(
    literals: list[Literal], pattern: re.Pattern[str], by: str, message: str,
    applicability: Applicability,
) -> Fixing | None:  # fmt: skip
    """Write something else for what matches once in the text of some literals.

    Args:
        literals: where to look.
        pattern: what to look for; where it has groups, only the first one is replaced.
        by: what to write.
        message: what the fix says of itself.
        applicability: how safe it is.
    """
    if not literals:
        return None

    def fix(tree: Tree) -> Fix | None:
        edits = []
        for literal in literals:
            text, start = tree.text_of(literal), tree.range_of(literal).start
            for match in pattern.finditer(text):
                begin, end = match.span(1 if pattern.groups else 0)
                if "\n" in text[:end] or "\r" in text[:end]:
                    return None
                place = Range(
                    Position(start.row, start.column + begin),
                    Position(start.row, start.column + end),
                )
                edits.append(Edit(place, by))
        return Fix(applicability, message, tuple(edits)) if len(edits) == 1 else None

    return fix


def replace_node(node: cst.CSTNode, by: str, message: str, applicability: Applicability) -> Fixing:
    """Write something else for an expression."""

    def fix(tree: Tree) -> Fix | None:
        return Fix(applicability, message, (Edit(tree.range_of(node), by),))

    return fix


def change_entries(
    mapping: cst.Dict, changed: dict[int, str], dropped: set[int], message: str,
    applicability: Applicability = Applicability.SAFE,
) -> Fixing | None:  # fmt: skip
    """Write some entries of a mapping anew, and take others away.

    Args:
        mapping: the literal.
        changed: the new text of entries by their index.
        dropped: the indices of those to take away; not all of them.
        message: what the fix says of itself.
        applicability: how safe it is.
    """
    if not changed and len(dropped) == len(mapping.elements):
        return None

    def fix(tree: Tree) -> Fix | None:
        edits = [
            Edit(tree.range_of(mapping.elements[index]), text) for index, text in changed.items()
        ]
        gone = [mapping.elements[index] for index in sorted(dropped)]
        removed = removal(tree, mapping, gone)
        how = safety(tree, removed, gone, applicability)
        return Fix(how, message, (*edits, *removed))

    return fix


def is_literal(node: cst.CSTNode) -> bool:
    """Whether a value is written on the spot."""
    if isinstance(node, cst.Name):
        return node.value in ("True", "False", "None")
    return isinstance(node, (cst.SimpleString, cst.Integer, cst.Float))
