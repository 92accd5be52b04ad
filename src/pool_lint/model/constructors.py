"""What is made by calling classes of the libraries and of the project, and from what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model import fields
from pool_lint.model.creations import Creation, Keywords
from pool_lint.model.values import (
    ENGINE,
    FACTORY,
    POOL,
    POOL_CONNECTION,
    SESSION,
    UNKNOWN,
    Class,
    Coroutine,
    Instance,
    Origin,
    Resource,
    Value,
)

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.evaluate import Evaluator
    from pool_lint.model.names import ClassInfo

_MAX_DEPTH = 8


def has_own_constructor(info: ClassInfo, depth: int = _MAX_DEPTH) -> bool:
    """Whether a class of the project, or one that it descends from, says what it is made from.

    Args:
        info: the class.
        depth: through so many bases it is looked for.
    """
    if info.method("__init__") is not None:
        return True
    for base in info.bases if depth else ():
        value = info.names.lookup.expression(base, info.outer)
        if isinstance(value, Class) and has_own_constructor(value.info, depth - 1):
            return True
    return False


def construct(callee: Class, node: cst.Call, evaluator: Evaluator) -> Value:
    """The new object of a class of the project.

    Args:
        callee: the class.
        node: the call.
        evaluator: of the arguments.
    """
    lookup = evaluator.lookup
    base = lookup.library_base(callee.info)
    if base is not None:
        role = sa.role_of(base)
        if role is not None:
            creation = create(base, role, node, evaluator)
            if has_own_constructor(callee.info):
                creation.keywords.is_open = True
            return made(creation, node)
        return Origin(f"{base}()")
    given: list[Resource] = []
    for arg in node.args:
        value = evaluator.value(arg.value)
        if isinstance(value, Resource):
            given.append(value)
        elif isinstance(value, Instance):
            given.extend(value.given)
    return Instance(callee.info, tuple(given), _arguments(callee, node, evaluator))


def _arguments(callee: Class, node: cst.Call, evaluator: Evaluator) -> dict[int, Value]:
    """What the parameters of a constructor stand for, as far as they are resources."""
    if not node.args:
        return {}
    init = callee.info.method("__init__")
    if init is None:
        return fields.arguments(callee, node, evaluator)
    found: dict[int, Value] = {}
    for param in init.params:
        argument = init.argument_of(param, node)
        value = evaluator.value(argument) if argument is not None else UNKNOWN
        if isinstance(value, (Resource, Instance)):
            found[id(param)] = value
    return found


def create(path: str, role: str, node: cst.Call, evaluator: Evaluator) -> Creation:
    """The record of a call that makes an engine, a pool, a session or a factory."""
    keywords = Keywords.of(node, sa.POSITIONAL[role], evaluator)
    is_async: bool | None = role in (sa.ASYNC_ENGINE, sa.ASYNC_FACTORY, sa.ASYNC_SESSION, sa.ASYNC_SCOPED, sa.PG_POOL, sa.PG_CONNECT)  # fmt: skip
    if role in (sa.SYNC_FACTORY, sa.ASYNC_FACTORY):
        is_async = _class_flavour(role == sa.ASYNC_FACTORY, keywords, evaluator)
        made_class = keywords.get("class_")
        if isinstance(made_class, Class) and has_own_constructor(made_class.info):
            keywords.is_open = True
    elif role in (sa.SCOPED, sa.ASYNC_SCOPED):
        inner = keywords.get("session_factory")
        is_async = inner.is_async if isinstance(inner, Resource) else role == sa.ASYNC_SCOPED
    return Creation(node, role, is_async, keywords, evaluator.scope, path.rpartition(".")[2])


def _class_flavour(otherwise: bool, keywords: Keywords, evaluator: Evaluator) -> bool | None:
    """The flavour of a factory's sessions, by its ``class_``."""
    value = keywords.get("class_")
    if value is None:
        return True if otherwise else None if keywords.is_open else False
    path = value.path if isinstance(value, Origin) else None
    if isinstance(value, Class):
        path = evaluator.lookup.library_base(value.info)
    found = sa.class_of(path) if path else None
    if found is not None:
        return found[1]
    return True if path is not None and path.rpartition(".")[2] == "AsyncSession" else None


def made(creation: Creation, node: cst.Call) -> Value:
    """What a creation gives."""
    role = creation.role
    if role in (sa.SYNC_ENGINE, sa.ASYNC_ENGINE):
        return Resource(ENGINE, creation.is_async, node, creation)
    bind = creation.keywords.get("bind")
    owner = bind if isinstance(bind, Resource) else None
    if role in (sa.SYNC_FACTORY, sa.ASYNC_FACTORY):
        return Resource(FACTORY, creation.is_async, node, creation, owner)
    if role in (sa.SYNC_SESSION, sa.ASYNC_SESSION, sa.SCOPED, sa.ASYNC_SCOPED):
        return Resource(SESSION, creation.is_async, node, creation, owner)
    if role == sa.PG_POOL:
        return Resource(POOL, True, node, creation)
    return Coroutine(node, Resource(POOL_CONNECTION, True, node, creation))
