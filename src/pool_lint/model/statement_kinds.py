"""Statements for the database: how they are built, and what they do when they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sql
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.values import UNKNOWN, Const, Origin, Resource, Statement, Text, Value

if TYPE_CHECKING:
    from pool_lint.model.evaluate import Evaluator
    from pool_lint.model.names import Scope

_STREAMING = ("yield_per", "stream_results")
_WORDS = ("statement", "clause", "object_")
_DEPTH = 30


def built(callee: Origin, node: cst.Call, evaluator: Evaluator) -> Statement | None:
    """The statement that a call of SQLAlchemy's builds, if more is to be known than its path."""
    path = callee.path
    kind, streams = "", False
    if isinstance(callee, Statement):
        kind, streams = callee.kind, callee.streams
    elif not sa.is_sqlalchemy(path):
        return None
    if path.endswith(".text") and "(" not in path and node.args:
        kind = of_value(evaluator.value(node.args[0].value))
    elif path.endswith(").execution_options"):
        streams = streams or _streams(node)
    if kind or streams:
        return Statement(f"{path}()", kind, streams)
    return None


def _streams(node: cst.Call) -> bool:
    for arg in node.args:
        if arg.keyword is not None and arg.keyword.value in _STREAMING:
            return not (isinstance(arg.value, cst.Name) and arg.value.value in ("False", "None"))
    return False


def isolated(engine: Resource, node: cst.Call, evaluator: Evaluator) -> Resource:
    """What ``engine.execution_options(...)`` gives: the same engine, as it is used from there."""
    twin = Resource(engine.kind, engine.is_async, engine.site, engine.creation, engine.owner)
    twin.isolation = engine.isolation
    for arg in node.args:
        if arg.keyword is None:
            twin.isolation = UNKNOWN
        elif arg.keyword.value == "isolation_level":
            twin.isolation = evaluator.value(arg.value)
    return twin


def of_value(value: Value) -> str:
    """What a text, or a statement, does: a word of :mod:`pool_lint.knowledge.sql`."""
    if isinstance(value, Const):
        return sql.of_text((value.value,)) if isinstance(value.value, str) else sql.UNCLEAR
    if isinstance(value, Text):
        return sql.of_text(value.parts)
    if isinstance(value, Statement) and value.kind:
        return value.kind
    return sql.of_path(value.path) if isinstance(value, Origin) else sql.UNCLEAR


def is_bare(value: Value) -> bool:
    """Whether a value is a text as it is, which nobody has made a statement of."""
    return isinstance(value, Text) or (isinstance(value, Const) and isinstance(value.value, str))


def argument(node: cst.Call) -> cst.BaseExpression | None:
    """The statement that ``execute()`` is given."""
    for index, arg in enumerate(node.args):
        if arg.star:
            return None
        if arg.keyword is None and index == 0:
            return arg.value
        if arg.keyword is not None and arg.keyword.value in _WORDS:
            return arg.value
    return None


def by_shape(node: cst.BaseExpression, scope: Scope) -> str:
    """What a statement does that is built by the methods of a table: ``users.insert().values()``."""
    for _ in range(_DEPTH):
        if isinstance(node, cst.Name):
            home = scope.find(node.value)
            bindings = home.names[node.value] if home is not None and home is scope else ()
            if len(bindings) != 1 or bindings[0].kind != "assign":
                return sql.UNCLEAR
            bound = bindings[0].node
            if not isinstance(bound, cst.Call):
                return sql.UNCLEAR
            node = bound
        elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            if node.func.attr.value in sql.BUILDING_WRITES and not isinstance(
                node.func.value, cst.Call
            ):
                return sql.WRITE
            node = node.func.value
        else:
            return sql.UNCLEAR
    return sql.UNCLEAR
