"""Code that serves plain and async sessions alike, and asks which of them it has been given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from pool_lint.model.leading import is_guard
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pool_lint.model.names import Names, Scope

_ASYNC = frozenset(
    ("AsyncSession", "async_scoped_session", "AsyncConnection", "AsyncEngine", "async_sessionmaker")
)
_PLAIN = frozenset(("Session", "scoped_session", "Connection", "Engine", "sessionmaker"))
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
    while parent is not None and not isinstance(parent, cst.ClassDef):
        found: bool | None = None
        if isinstance(parent, cst.FunctionDef) and not _is_from_outside(
            subject, node, parent, names
        ):
            return False
        if isinstance(parent, (cst.If, cst.IfExp)):
            told = _tell(parent.test, subject, names.scope_at(parent))
            if child is parent.body:
                found = told.held
            elif child is parent.orelse:
                found = told.failed
        elif isinstance(parent, cst.IndentedBlock):
            found = _told_before(parent, child, subject, names)
        elif isinstance(parent, cst.MatchCase):
            found = _matched(parent, subject, names)
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


def _is_from_outside(
    subject: str, node: cst.CSTNode, function: cst.FunctionDef, names: Names
) -> bool:
    """Whether an inner function only reads a name of the function around it."""
    root = subject.partition(".")[0]
    home = names.scope_at(node).find(root)
    return home is not None and home is names.scope_at(function).find(root)


def _matched(case: cst.MatchCase, subject: str, names: Names) -> bool | None:
    """``case AsyncSession():``."""
    block = names.parents.get(id(case))
    if not isinstance(block, cst.Match) or dotted(block.subject) != subject:
        return None
    if not isinstance(case.pattern, cst.MatchClass):
        return None
    return _among({_last(case.pattern.cls)}).held


def _told_before(
    block: cst.IndentedBlock, child: cst.CSTNode, subject: str, names: Names
) -> bool | None:
    """What comes after ``if isinstance(session, AsyncSession): return ...``, or an ``assert``."""
    for statement in block.body:
        if statement is child:
            break
        line = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
        if isinstance(line, cst.Assert):
            asserted = _tell(line.test, subject, names.scope_at(statement)).held
            if asserted is not None:
                return asserted
        if is_guard(statement):
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
    if isinstance(test, cst.Comparison):
        return _compared(test, subject)
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
    return _among({_last(one) for one in classes})


def _compared(test: cst.Comparison, subject: str) -> _Told:
    """``type(session) is AsyncSession``."""
    made, target = test.left, test.comparisons[0]
    if not isinstance(made, cst.Call) or dotted(made.func) != "type" or len(made.args) != 1:
        return _NOTHING
    if dotted(made.args[0].value) != subject or len(test.comparisons) != 1:
        return _NOTHING
    told = _among({_last(target.comparator)})
    if isinstance(target.operator, (cst.Is, cst.Equal)):
        return told
    if isinstance(target.operator, (cst.IsNot, cst.NotEqual)):
        return _Told(told.failed, told.held)
    return _NOTHING


def _last(node: cst.BaseExpression) -> str:
    return (dotted(node) or "").rpartition(".")[2]


def _among(words: set[str]) -> _Told:
    """What it tells that an object is of one of several classes."""
    if words <= _ASYNC:
        return _Told(True, False)
    return _Told(False, True) if words <= _PLAIN else _NOTHING


def _first(values: Iterable[bool | None]) -> bool | None:
    return next((value for value in values if value is not None), None)
