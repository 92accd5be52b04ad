"""Fixes that need a name: write its import where the file has its imports."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Edit, Position, Range
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import Scope
    from pool_lint.syntax.tree import Tree


def import_edits(tree: Tree, lookup: Lookup, module: str, name: str) -> tuple[Edit, ...] | None:
    """What has to be written for ``name`` of ``module`` to be there.

    Args:
        tree: the file.
        lookup: the meaning of its names.
        module: the dotted path to import from.
        name: what to import.

    Returns:
        The edits, none if the name is there already; None where there is no place for an import,
        or the name is taken.
    """
    scope = lookup.names.module
    # Asking takes in the import, if nothing that was read so far needed it.
    lookup.name(name, scope)
    known = scope.names.get(name)
    if known is not None:
        is_there = all(one.kind == "import" and one.path == f"{module}.{name}" for one in known)
        return () if is_there else None
    package = module.partition(".")[0]
    place: cst.ImportFrom | None = None
    for statement in _imports(tree):
        if statement.module is None or statement.relative:
            continue
        path = dotted(statement.module) or ""
        if path == module and not isinstance(statement.names, cst.ImportStar):
            return (_among(tree, list(statement.names), name),)
        if path.partition(".")[0] == package and (place is None or path < module):
            place = statement
    return _line(tree, place, f"from {module} import {name}", module) if place is not None else None


def module_edits(tree: Tree, lookup: Lookup, scope: Scope, module: str) -> tuple[Edit, ...] | None:
    """What has to be written for a module of the standard library to be there by its own name.

    Args:
        tree: the file.
        lookup: the meaning of its names.
        scope: where the name is to be used.
        module: the module.

    Returns:
        The edits, none if it is imported already; None where there is no place for an import, or
        the name is taken.
    """
    unread = lookup.rest.parts_of(module) if lookup.rest is not None else []
    if any(part.kind in ("def", "class") for part in unread):
        return None
    lookup.name(module, scope)
    home = scope.find(module)
    if home is not None:
        known = home.names[module]
        is_there = all(one.kind == "import" and one.path == module for one in known)
        return () if is_there else None
    rows = [
        tree.range_of(line).start.row
        for line in tree.module.body
        if isinstance(line, cst.SimpleStatementLine)
        and isinstance(line.body[0], (cst.Import, cst.ImportFrom))
        and _imported(tree.source.lines[tree.range_of(line).start.row - 1]) != "__future__"
    ]
    if not rows:
        return None
    lines = tree.source.lines
    # Not every import that the file has is in the tree.
    row = top = min(rows)
    while row > 1 and (not lines[row - 2].strip() or _is_usual(lines[row - 2])):
        row -= 1
        top = row if lines[row - 1].strip() else top
    while lines[top - 1].startswith("import ") and _imported(lines[top - 1]) < module:
        top += 1
    is_own_block = _imported(lines[top - 1]) not in ("", *sys.stdlib_module_names)
    after_block = top > 1 and _imported(lines[top - 2]) in sys.stdlib_module_names
    text = f"import {module}{tree.newline}" + (
        tree.newline if is_own_block and not after_block else ""
    )
    place = Position(top, 1)
    return (Edit(Range(place, place), text),)


def _is_usual(line: str) -> bool:
    return _imported(line) not in ("", "__future__")


def _imported(line: str) -> str:
    """The package that a line imports; empty for any other line."""
    words = line.split()
    if len(words) < 2 or words[0] not in ("import", "from") or line[0].isspace():
        return ""
    return words[1].partition(".")[0].rstrip(",")


def _imports(tree: Tree) -> Iterator[cst.ImportFrom]:
    """The imports of the module itself that have lines of their own."""
    for line in tree.module.body:
        if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
            statement = line.body[0]
            if isinstance(statement, cst.ImportFrom):
                yield statement


def _among(tree: Tree, aliases: list[cst.ImportAlias], name: str) -> Edit:
    """One more name in an import, in its order as far as there is one."""
    for alias in aliases:
        other = str(alias.name.value)
        if other > name:
            start = tree.range_of(alias).start
            gap = " "
            if tree.begins_line(alias):
                gap = tree.newline + tree.indent_of(start.row)
            return Edit(Range(start, start), f"{name},{gap}")
    end = tree.range_of(aliases[-1].asname or aliases[-1]).end
    return Edit(Range(end, end), f", {name}")


def _line(tree: Tree, near: cst.ImportFrom, text: str, module: str) -> tuple[Edit, ...]:
    """An import of its own beside another one."""
    place = tree.range_of(near)
    behind = near.module is not None and (dotted(near.module) or "") < module
    where = Position(place.end.row + 1 if behind else place.start.row, 1)
    return (Edit(Range(where, where), f"{text}{tree.newline}"),)
