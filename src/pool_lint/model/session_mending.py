"""Fixes for functions that hand out sessions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix, Position, Range
from pool_lint.model.values import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.dependencies import Opened
    from pool_lint.model.generators import Leak, LeftLoop
    from pool_lint.model.names import FunctionInfo, Names
    from pool_lint.syntax.tree import Tree


def yield_instead(
    given: Opened, info: FunctionInfo, names: Names
) -> Callable[[Tree], Fix | None] | None:
    """Make a generator of a dependency that returns its session at its end.

    Nobody but ``Depends`` may know the function, and no annotation may say what it returns.
    """
    node = given.node
    if not isinstance(node, cst.Return) or len(info.returns) != 1 or node.value is None:
        return None
    is_async = given.session.is_async
    if info.node.returns is not None or info.self_name or is_async is None:
        return None
    line = names.parents.get(id(node))
    block = names.parents.get(id(line)) if line is not None else None
    if not isinstance(block, cst.IndentedBlock) or block.body[-1] is not line:
        return None
    if block is info.node.body:
        if not isinstance(node.value, cst.Call) or "session" in info.scope.names:
            return None
        return None if is_async and not info.is_async else _new_block(node, info, is_async)
    around = names.parents.get(id(block))
    is_last = isinstance(around, cst.With) and info.node.body.body[-1] is around
    if not is_last or names.enclosing(given.session.site, cst.With) is not around:
        return None

    def fix(tree: Tree) -> Fix | None:
        if not _is_only_a_dependency(info.name, tree):
            return None
        start = tree.range_of(node).start
        word = Range(start, Position(start.row, start.column + len("return")))
        return Fix(Applicability.SAFE, "Yield the session", (Edit(word, "yield"),))

    return fix


def _new_block(
    node: cst.Return, info: FunctionInfo, is_async: bool
) -> Callable[[Tree], Fix | None]:
    def fix(tree: Tree) -> Fix | None:
        if node.value is None or not tree.begins_line(node):
            return None
        if not _is_only_a_dependency(info.name, tree):
            return None
        place = tree.range_of(node)
        indent = tree.indent_of(place.start.row)
        deeper = indent + tree.step
        opening = f"{'async ' if is_async else ''}with {tree.text_of(node.value)} as session:"
        text = f"{opening}{tree.newline}{deeper}yield session"
        return Fix(
            Applicability.SAFE, "Yield the session from a `with` block", (Edit(place, text),)
        )

    return fix


def _is_only_a_dependency(name: str, tree: Tree) -> bool:
    """Whether a file names a function in ``Depends`` and nowhere else."""
    text = "".join(tree.source.lines)
    named = len(re.findall(rf"\b{name}\b", text))
    wanted = rf"\b(?:Depends|Security)\(\s*(?:dependency\s*=\s*)?{name}\b(?!\s*\()|\bdef {name}\b"
    return named == len(re.findall(wanted, text))


def close_finally(leak: Leak, names: Names) -> Callable[[Tree], Fix | None] | None:
    """Put a ``yield`` into a ``try`` whose ``finally`` closes the session."""
    node, name, info = leak.opened.node, leak.opened.name, leak.info
    is_async = leak.opened.session.is_async
    expression = names.parents.get(id(node))
    line = names.parents.get(id(expression)) if expression is not None else None
    body = info.node.body
    if name is None or is_async is None or (is_async and not info.is_async):
        return None
    if not isinstance(expression, cst.Expr) or not isinstance(line, cst.SimpleStatementLine):
        return None
    if not isinstance(body, cst.IndentedBlock) or not any(line is one for one in body.body):
        return None
    index = next(i for i, one in enumerate(body.body) if one is line)
    rest = body.body[index + 1 :]
    if len(rest) > 1 or len(line.body) != 1 or (rest and not _is_close(rest[0], name)):
        return None

    def fix(tree: Tree) -> Fix | None:
        place = tree.range_of(expression)
        indent = tree.indent_of(place.start.row)
        if not tree.begins_line(expression):
            return None
        deeper = indent + tree.step
        word = "await " if is_async else ""
        lines = (
            "try:", f"{deeper}{tree.text_of(expression)}",
            f"{indent}finally:", f"{deeper}{word}{name}.close()",
        )  # fmt: skip
        if rest:
            place = Range(place.start, tree.range_of(rest[0]).end)
        edit = Edit(place, tree.newline.join(lines))
        return Fix(Applicability.UNSAFE, f"Close `{name}` in a `finally`", (edit,))

    return fix


def _is_close(line: cst.CSTNode, name: str) -> bool:
    """``session.close()`` on a line of its own."""
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return False
    statement = line.body[0]
    call = statement.value if isinstance(statement, cst.Expr) else None
    if isinstance(call, cst.Await):
        call = call.expression
    return (
        isinstance(call, cst.Call)
        and isinstance(call.func, cst.Attribute)
        and call.func.attr.value in ("close", "aclose")
        and isinstance(call.func.value, cst.Name)
        and call.func.value.value == name
    )


def enter_instead(left: LeftLoop, names: Names) -> Callable[[Tree], Fix | None] | None:
    """Make a ``with`` block of a loop over a generator's one session."""
    loop, call = left.loop, left.loop.iter
    if not left.only_returns or loop.orelse is not None or not isinstance(call, cst.Call):
        return None
    is_async = loop.asynchronous is not None
    word = f"{'async' if is_async else ''}contextmanager"
    home = left.info.scope.find(word)
    if home is not None:
        value = names.lookup.name(word, left.info.scope)
        if not isinstance(value, Origin) or value.path != f"contextlib.{word}":
            return None
    is_imported = home is not None

    def fix(tree: Tree) -> Fix | None:
        name = tree.range_of(call.func)
        made = tree.text_of(call)[len(tree.text_of(call.func)) :]
        start = tree.range_of(loop).start
        opening = f"{'async ' if is_async else ''}with {word}({tree.text_of(call.func)}){made}"
        text = f"{opening} as {tree.text_of(loop.target)}"
        if name.start.row != start.row:
            return None
        edits = [Edit(Range(start, tree.range_of(call).end), text)]
        if not is_imported:
            place = _first_import(tree)
            if place is None:
                return None
            edits.insert(
                0, Edit(Range(place, place), f"from contextlib import {word}{tree.newline}")
            )
        return Fix(Applicability.UNSAFE, f"Enter it by `{word}`", tuple(edits))

    return fix


def _first_import(tree: Tree) -> Position | None:
    """Where an import can be added: in front of the first that tells Python nothing of itself."""
    for line in tree.module.body:
        if not isinstance(line, cst.SimpleStatementLine):
            continue
        statement = line.body[0]
        if isinstance(statement, cst.ImportFrom):
            module = statement.module
            if isinstance(module, cst.Name) and module.value == "__future__":
                continue
        elif not isinstance(statement, cst.Import):
            continue
        return Position(tree.range_of(statement).start.row, 1)
    return None
