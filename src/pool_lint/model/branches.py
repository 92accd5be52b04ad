"""What a branch says of the database: a test of the URL decides what the engine in it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.leading import tests_leading_to
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.names import Names, Scope

_POSTGRES = ("postgres",)
_OTHERS = ("mysql", "mariadb", "sqlite", "oracle", "mssql")


def stands_in_branch(creation: Creation, word: str) -> bool:
    """Whether an engine is made only where a test has found ``word`` in its URL.

    Args:
        creation: the engine.
        word: what a URL of the database begins with.
    """
    return any(found for found in _told(creation.call, (word,), creation.scope))


def is_no_postgres(node: cst.CSTNode, names: Names) -> bool:
    """Whether a node stands where a test, or a name, says that the database is no PostgreSQL.

    Args:
        node: what is done.
        names: the names of its module.
    """
    scope = names.scope_at(node)
    if any(_told(node, _OTHERS, scope)) or False in _told(node, _POSTGRES, scope):
        return True
    home = names.enclosing(node, cst.FunctionDef, cst.ClassDef)
    while isinstance(home, (cst.FunctionDef, cst.ClassDef)):
        if any(word in home.name.value.lower() for word in _OTHERS):
            return True
        home = names.enclosing(home, cst.FunctionDef, cst.ClassDef)
    return False


def _told(node: cst.CSTNode, words: tuple[str, ...], scope: Scope) -> Iterator[bool]:
    """What the tests say that lead to a node: that the database is one of these, or is not."""
    for test, holds in tests_leading_to(node, scope.owner.parents):
        found = _finds(test, words, scope)
        if found is not None:
            yield found is holds


def _finds(
    test: cst.BaseExpression, words: tuple[str, ...], scope: Scope, depth: int = 4
) -> bool | None:
    """What a test of the URL tells.

    Returns:
        True where the database is one of ``words`` if the test holds, False where it is if the
        test fails, None where nothing is known.
    """
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        found = _finds(test.expression, words, scope, depth)
        return None if found is None else not found
    if isinstance(test, cst.BooleanOperation):
        decisive = isinstance(test.operator, cst.And)
        sides = {_finds(side, words, scope, depth) for side in (test.left, test.right)}
        return decisive if decisive in sides else None
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        return _compared(test, words)
    if isinstance(test, cst.Call):
        is_start = isinstance(test.func, cst.Attribute) and test.func.attr.value == "startswith"
        return True if is_start and test.args and _names(test.args[0].value, words) else None
    name = dotted(test)
    if name is None:
        return None
    asked = name.rpartition(".")[2].lower().strip("_")
    if any(asked.endswith((f"is_{word}", f"use_{word}")) for word in words):
        return True
    home = scope.find(name) if isinstance(test, cst.Name) and depth else None
    bindings = home.names[name] if home is not None else []
    if len(bindings) == 1 and bindings[0].kind == "assign":
        node = bindings[0].node
        if isinstance(node, cst.BaseExpression):
            return _finds(node, words, bindings[0].scope, depth - 1)
    return None


def _compared(test: cst.Comparison, words: tuple[str, ...]) -> bool | None:
    operator, other = test.comparisons[0].operator, test.comparisons[0].comparator
    if isinstance(operator, (cst.In, cst.NotIn)):
        is_told = _names(test.left, words) or (
            isinstance(other, (cst.Tuple, cst.List, cst.Set)) and _names(other, words)
        )
        return isinstance(operator, cst.In) if is_told else None
    if not isinstance(operator, (cst.Equal, cst.NotEqual)):
        return None
    if _names(test.left, words) or _names(other, words):
        return isinstance(operator, cst.Equal)
    return None


def _names(node: cst.BaseExpression, words: tuple[str, ...]) -> bool:
    """Whether an expression is a text, or several, that begins with the database's name."""
    if isinstance(node, (cst.Tuple, cst.List, cst.Set)):
        return bool(node.elements) and all(_names(e.value, words) for e in node.elements)
    if isinstance(node, cst.Attribute) and node.attr.value.isupper():
        return node.attr.value.lower().startswith(words)
    return isinstance(node, cst.SimpleString) and node.raw_value.lower().startswith(words)


def _said(test: cst.BaseExpression) -> Iterator[str]:
    """The names and texts of a test, in small letters."""
    for node in walk(test):
        if isinstance(node, (cst.Name, cst.SimpleString)):
            yield node.value.lower()
        elif isinstance(node, cst.Attribute):
            yield node.attr.value.lower()


def stands_under(node: cst.CSTNode, names: Names, words: tuple[str, ...]) -> bool:
    """Whether a node stands in a branch, or in a function, that is named after one of some words."""
    parent = names.parents.get(id(node))
    while parent is not None:
        if isinstance(parent, (cst.If, cst.IfExp)):
            if any(word in said for said in _said(parent.test) for word in words):
                return True
        elif isinstance(parent, (cst.FunctionDef, cst.ClassDef)) and any(
            word in parent.name.value.lower() for word in words
        ):
            return True
        parent = names.parents.get(id(parent))
    return False
