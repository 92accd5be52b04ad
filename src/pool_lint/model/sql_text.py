"""The SQL that a call is given, as far as it is written in the same function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import settings_sql as table
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.evaluate import text_of
from pool_lint.model.values import Origin
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import Scope

# Stands for what an f-string puts in.
HOLE = "hole"


class Statement:
    """What a call runs: its text, and the literal that this text begins in."""

    __slots__ = ("literal", "text")

    def __init__(self, text: str, literal: cst.BaseExpression) -> None:
        self.text = text
        self.literal = literal


def statement_of(node: cst.BaseExpression, scope: Scope, lookup: Lookup) -> Statement | None:
    """The text of ``text("...")``, of a literal, or of a name that this function gave to one."""
    if isinstance(node, cst.Name):
        home = scope.find(node.value)
        bindings = home.names[node.value] if home is scope and home is not None else ()
        if len(bindings) != 1 or bindings[0].kind != "assign":
            return None
        written = bindings[0].node
        if isinstance(written, cst.BaseExpression) and not isinstance(written, cst.Name):
            return statement_of(written, scope, lookup)
        return None
    if isinstance(node, cst.Call):
        func = node.func
        if isinstance(func, cst.Attribute) and func.attr.value in ("bindparams", "columns"):
            return statement_of(func.value, scope, lookup)
        value = lookup.expression(func, scope)
        is_text = isinstance(value, Origin) and sa.is_sqlalchemy(value.path)
        if is_text and isinstance(value, Origin) and value.path.endswith((".text", ".DDL")):
            return statement_of(node.args[0].value, scope, lookup) if node.args else None
        return None
    found = _written(node)
    return Statement(found, node) if found is not None else None


def _written(node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.SimpleString):
        found = text_of(node)
        return found if isinstance(found, str) else None
    if isinstance(node, cst.FormattedString):
        return "".join(
            part.value if isinstance(part, cst.FormattedStringText) else HOLE for part in node.parts
        )
    if isinstance(node, cst.ConcatenatedString):
        left, right = _written(node.left), _written(node.right)
        return left + right if left is not None and right is not None else None
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        left = _written(node.left)
        return left + (_written(node.right) or HOLE) if left is not None else None
    return None


def function_called(node: cst.BaseExpression) -> table.Lasting | None:
    """What ``select(func.pg_advisory_lock(1))`` does that outlives its transaction."""
    for inner in walk(node):
        if not isinstance(inner, cst.Call) or not isinstance(inner.func, cst.Attribute):
            continue
        owner = inner.func.value
        word = owner.attr if isinstance(owner, cst.Attribute) else owner
        if not isinstance(word, cst.Name) or word.value != "func":
            continue
        name = inner.func.attr.value
        if name == "set_config" and len(inner.args) == 3:
            if getattr(inner.args[2].value, "value", "") == "False":
                first = inner.args[0].value
                known = _written(first) if isinstance(first, cst.SimpleString) else None
                return table.Lasting(table.SETTING, known or "?")
            return None
        found = table.locking(name)
        if found is not None:
            return found
    return None
