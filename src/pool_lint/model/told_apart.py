"""Code that serves plain and async sessions alike, and asks which of them it has been given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pool_lint.model.names import Names, Scope

_ASYNC = frozenset(
    ("AsyncSession", "async_scoped_session", "AsyncConnection", "AsyncEngine", "async_sessionmaker")
)
_PLAIN = frozenset(("Session", "scoped_session", "Connection", "Engine", "sessionmaker"))
_LEAVING = (cst.Return, cst.Raise, cst.Continue, cst.Break)
_MAX_DEPTH = 4


class _Told(NamedTuple):
    """Whether an object is async, where a test holds and where it fails; None if it may be."""

    held: bool | None = None
    failed: bool | None = None


_NOTHING = _Told()


def is_told_apart(node: cst.CSTNode, is_async: bool | None, names: Names) -> bool:
    """Whether a use stands where a test says that its object is of the other kind.

    Args:
        node: the call, what is awaited, or what a ``with`` enters.
        is_async: the kind that the object is taken for.
        names: the names of the module.
    """
    subject = _subject(node)
    if subject is None or is_async is None:
        return False
    child: cst.CSTNode = node
    parent = names.parents.get(id(child))
    while parent is not None and not isinstance(parent, (cst.FunctionDef, cst.ClassDef)):
        found: bool | None = None
        if isinstance(parent, (cst.If, cst.IfExp)):
            told = _tell(parent.test, subject, names.scope_at(parent))
            if child is parent.body:
                found = told.held
            elif child is parent.orelse:
                found = told.failed
        elif isinstance(parent, cst.IndentedBlock):
            found = _told_before(parent, child, subject, names)
        if found is not None:
            return found is not is_async
        child, parent = parent, names.parents.get(id(parent))
    return False


def _subject(node: cst.CSTNode) -> str | None:
    """``session`` for ``session``, ``session.begin()`` and ``await session.commit()``."""
    if isinstance(node, cst.Await):
        node = node.expression
    if isinstance(node, cst.Call):
        return dotted(node.func.value) if isinstance(node.func, cst.Attribute) else None
    return dotted(node) if isinstance(node, cst.BaseExpression) else None


def _told_before(
    block: cst.IndentedBlock, child: cst.CSTNode, subject: str, names: Names
) -> bool | None:
    """``if isinstance(session, AsyncSession): return ...`` and what comes after it."""
    for statement in block.body:
        if statement is child:
            break
        if not isinstance(statement, cst.If) or statement.orelse is not None:
            continue
        last = statement.body.body[-1] if statement.body.body else None
        if isinstance(last, cst.SimpleStatementLine):
            last = last.body[-1]
        if isinstance(last, _LEAVING):
            found = _tell(statement.test, subject, names.scope_at(statement)).failed
            if found is not None:
                return found
    return None


def _tell(test: cst.BaseExpression, subject: str, scope: Scope, depth: int = _MAX_DEPTH) -> _Told:
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        told = _tell(test.expression, subject, scope, depth)
        return _Told(told.failed, told.held)
    if isinstance(test, cst.BooleanOperation):
        sides = [_tell(side, subject, scope, depth) for side in (test.left, test.right)]
        if isinstance(test.operator, cst.And):
            return _Told(held=_first(side.held for side in sides))
        return _Told(failed=_first(side.failed for side in sides))
    if isinstance(test, cst.Call):
        return _asked(test, subject)
    home = scope.find(test.value) if isinstance(test, cst.Name) and depth else None
    bindings = home.names[test.value] if home is not None and isinstance(test, cst.Name) else []
    if len(bindings) == 1 and bindings[0].kind == "assign":
        node = bindings[0].node
        if isinstance(node, cst.BaseExpression):
            return _tell(node, subject, bindings[0].scope, depth - 1)
    return _NOTHING


def _asked(call: cst.Call, subject: str) -> _Told:
    """``isinstance(session, AsyncSession)``."""
    if dotted(call.func) != "isinstance" or len(call.args) != 2:
        return _NOTHING
    if dotted(call.args[0].value) != subject:
        return _NOTHING
    given = call.args[1].value
    classes = [e.value for e in given.elements] if isinstance(given, cst.Tuple) else [given]
    words = {(dotted(one) or "").rpartition(".")[2] for one in classes}
    if words <= _ASYNC:
        return _Told(True, False)
    return _Told(False, True) if words <= _PLAIN else _NOTHING


def _first(values: Iterable[bool | None]) -> bool | None:
    return next((value for value in values if value is not None), None)
