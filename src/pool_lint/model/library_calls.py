"""What calls of libraries give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.constructors import create, made
from pool_lint.model.creations import Keywords
from pool_lint.model.inference import takes_pool_connection
from pool_lint.model.url_objects import created_url
from pool_lint.model.values import (
    POOL,
    POOL_CONNECTION,
    UNKNOWN,
    Bundle,
    Class,
    Const,
    Coroutine,
    Function,
    Manager,
    Origin,
    Record,
    Registry,
    Resource,
    Value,
)

if TYPE_CHECKING:
    from pool_lint.model.evaluate import Evaluator

_FLASK = "flask_sqlalchemy.SQLAlchemy"
_ENVIRONMENT = ("os.getenv", "os.environ.get")
_CLOSING = ("contextlib.closing", "contextlib.aclosing")
# The "method" of such a manager.
CLOSING = "closing"
_ENTERING = ("enter_async_context", "enter_context")


def called(path: str, node: cst.Call, evaluator: Evaluator) -> Value:
    """The value of calling what a library is known for.

    Args:
        path: its dotted path.
        node: the call.
        evaluator: of the arguments.
    """
    taught = evaluator.lookup.taught
    given = taught.call(path, node, evaluator) if taught is not None else None
    if given is not None:
        return given
    role = sa.role_of(path)
    if role is not None:
        return made(create(path, role, node, evaluator), node)
    if path == _FLASK:
        return Registry(f"{path}()", node)
    if path in slow.RUNNERS:
        return Bundle(tuple(evaluator.value(arg.value) for arg in node.args), call=node)
    if path == "dict":
        return _dict(node, evaluator)
    if path == "functools.partial" and node.args:
        inner = evaluator.value(node.args[0].value)
        return inner if isinstance(inner, (Function, Class)) else UNKNOWN
    if path in (
        "sqlalchemy.make_url",
        "sqlalchemy.engine.make_url",
        "sqlalchemy.engine.url.make_url",
    ):
        return evaluator.value(node.args[0].value) if node.args else UNKNOWN
    if path.endswith("URL.create") and sa.is_sqlalchemy(path):
        return created_url(node, evaluator)
    if path == "str" and len(node.args) == 1:
        inner = evaluator.value(node.args[0].value)
        return inner if isinstance(inner, Const) and isinstance(inner.value, str) else UNKNOWN
    if path in _ENVIRONMENT and len(node.args) > 1:
        default = evaluator.value(node.args[1].value)
        if isinstance(default, Const) and str(default.value).startswith("sqlite"):
            # Where nobody sets the variable, and that is what the file itself says.
            return default
    if path in _CLOSING and node.args:
        given = evaluator.value(node.args[0].value)
        if isinstance(given, Resource):
            return Manager(node, given, path == "contextlib.aclosing", given, CLOSING)
    if path.rpartition(".")[2] in _ENTERING:
        return _entering(node, evaluator)
    return _acquired(node, evaluator) or _released(node, evaluator) or Origin(f"{path}()")


def _dict(node: cst.Call, evaluator: Evaluator) -> Record:
    keywords = Keywords.of(node, (), evaluator)
    record = Record(dict(keywords.values), keywords.is_open)
    for arg in node.args:
        if arg.keyword is None and not arg.star:
            base = evaluator.value(arg.value)
            if isinstance(base, Record):
                record = Record({**base.entries, **record.entries}, record.is_open or base.is_open)
            else:
                record.is_open = True
    return record


def of_stranger(node: cst.Call, evaluator: Evaluator) -> Value:
    """The value of calling a method of what nobody declared, by what is done with it."""
    return _acquired(node, evaluator) or _released(node, evaluator) or _entering(node, evaluator)


def _acquired(node: cst.Call, evaluator: Evaluator) -> Manager | None:
    """``async with pool.acquire() as conn:`` on a pool that nobody declared, or an ``await``."""
    info = evaluator.scope.function
    if (
        info is None
        or not isinstance(node.func, cst.Attribute)
        or node.func.attr.value != "acquire"
    ):
        return None
    if not takes_pool_connection(node, info, evaluator.lookup):
        return None
    return Manager(node, Resource(POOL_CONNECTION, True, node), True)


def _released(node: cst.Call, evaluator: Evaluator) -> Coroutine | None:
    """``await pool.release(conn)`` on a pool that nobody declared."""
    func = node.func
    if not isinstance(func, cst.Attribute) or func.attr.value != "release" or not node.args:
        return None
    given = evaluator.value(node.args[0].value)
    if not isinstance(given, Resource) or given.kind != POOL_CONNECTION:
        return None
    return Coroutine(node, UNKNOWN, Resource(POOL, True, func), "release")


def _entering(node: cst.Call, evaluator: Evaluator) -> Value:
    """``stack.enter_async_context(manager)`` on a stack that nobody declared."""
    from pool_lint.model.operations import entered

    if isinstance(node.func, cst.Attribute) and node.func.attr.value in _ENTERING and node.args:
        inner = entered(evaluator.value(node.args[0].value), evaluator.lookup)
        if node.func.attr.value == "enter_async_context":
            return Bundle((), inner)
        return inner
    return UNKNOWN
