"""What attributes, calls, ``await`` and ``with`` give: the meaning of one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model import fields, objects, statement_kinds
from pool_lint.model.constructors import has_own_constructor
from pool_lint.model.creations import Creation, Keywords
from pool_lint.model.inference import takes_pool_connection
from pool_lint.model.url_objects import created_url
from pool_lint.model.values import (
    CONNECTION,
    ENGINE,
    FACTORY,
    POOL,
    POOL_CONNECTION,
    QUERY,
    RESULT,
    SESSION,
    TRANSACTION,
    UNKNOWN,
    Bundle,
    Class,
    Const,
    Coroutine,
    Entity,
    Foreign,
    Function,
    Inert,
    Instance,
    Manager,
    Method,
    Origin,
    Record,
    Registry,
    Resource,
    Statement,
    Stream,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from pool_lint.model.evaluate import Evaluator
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import Scope

_FLASK = "flask_sqlalchemy.SQLAlchemy"
_ENVIRONMENT = ("os.getenv", "os.environ.get")
_CLOSING = ("contextlib.closing", "contextlib.aclosing")
# The "method" of such a manager.
CLOSING = "closing"
_ENTERING = ("enter_async_context", "enter_context")


def attribute(base: Value, node: cst.Attribute, lookup: Lookup, scope: Scope) -> Value:
    """The value of ``base.name``."""
    name = node.attr.value
    if isinstance(base, Statement):
        return Statement(f"{base.path}.{name}", base.kind, base.streams)
    if isinstance(base, Origin):
        path = f"{base.path}.{name}"
        if isinstance(base, Registry) and name == "session":
            return Resource(SESSION, False, base.site)
        if isinstance(base, Registry) and name == "engine":
            return Resource(ENGINE, False, base.call)
        if "()" in base.path:
            stored = lookup.stored(node)
            if stored is not UNKNOWN:
                return stored
        return lookup.imported(path)
    if isinstance(base, Resource):
        return _resource_attribute(base, name)
    if isinstance(base, Instance):
        return objects.own(lookup.attribute(base.info, name, base), base, node, scope)
    if isinstance(base, Class):
        return lookup.attribute(base.info, name, None)
    if isinstance(base, Record):
        return UNKNOWN
    if name in slow.RESULT_METHODS and (
        base is UNKNOWN or isinstance(base, (Function, Foreign, Inert))
    ):
        return Origin(f"celery.Task().{name}")
    if base is UNKNOWN:
        stored = lookup.stored(node)
        if stored is UNKNOWN and name in slow.AGENT_METHODS:
            return Origin(f"langchain.agents.create_agent().{name}")
        return stored
    return UNKNOWN


def _resource_attribute(base: Resource, name: str) -> Value:
    if name in ("sync_engine", "sync_session", "sync_connection"):
        return Resource(base.kind, False, base.site, base.creation, base.owner)
    if name in ("engine", "bind") and base.owner is not None:
        return base.owner
    if base.kind == FACTORY and name == "begin":
        return Method(base, name)
    if base.kind in (QUERY, RESULT) or name in sa.METHODS.get(base.kind, {}):
        return Method(base, name)
    return UNKNOWN


def call(callee: Value, node: cst.Call, evaluator: Evaluator) -> Value:
    """The value of calling ``callee`` as ``node`` does."""
    if isinstance(callee, Origin):
        return statement_kinds.built(callee, node, evaluator) or _library_call(
            callee.path, node, evaluator
        )
    if isinstance(callee, Method):
        result = method_call(callee, node)
        if callee.name == "execution_options" and callee.subject.kind == ENGINE:
            return statement_kinds.isolated(callee.subject, node, evaluator)
        return result
    if isinstance(callee, Function):
        return function_call(callee, node, evaluator)
    if isinstance(callee, Foreign):
        return _foreign_call(callee, node, evaluator)
    if isinstance(callee, Class):
        return _construct(callee, node, evaluator)
    if isinstance(callee, Resource):
        if callee.kind == FACTORY:
            creation = callee.creation.called(node, evaluator) if callee.creation else None
            return Resource(SESSION, callee.is_async, node, creation, callee)
        if callee.kind == SESSION:
            return callee
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
    if isinstance(node.func, cst.Attribute) and node.func.attr.value in _ENTERING and node.args:
        inner = entered(evaluator.value(node.args[0].value), evaluator.lookup)
        if node.func.attr.value == "enter_async_context":
            return Bundle((), inner)
        return inner
    return UNKNOWN


def _library_call(path: str, node: cst.Call, evaluator: Evaluator) -> Value:
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


def method_call(method: Method, node: cst.Call) -> Value:
    """The value of calling a resource's method."""
    subject, name = method.subject, method_name(method, node)
    kind = subject.kind
    if kind == QUERY:
        return UNKNOWN if name in sa.QUERY_TERMINALS else subject
    if kind == RESULT:
        return _result_method(subject, name, node)
    if kind == FACTORY:
        session = Resource(SESSION, subject.is_async, node, subject.creation, subject)
        return Manager(node, session, subject.is_async, subject, name)
    operation = sa.METHODS[kind][name]
    result = _given(operation.gives, subject, node)
    if operation.manager:
        if kind == ENGINE and name == "connect" and subject.is_async is False:
            return result
        return Manager(node, result, subject.is_async, subject, name)
    if operation.plain or subject.is_async is not True:
        return result
    if name == "execution_options" and kind == CONNECTION:
        return Coroutine(node, subject, subject, name)
    return Coroutine(node, result, subject, name)


def method_name(method: Method, node: cst.Call) -> str:
    """The method that is called, where an argument makes one of it that has its own name."""
    if method.name == "begin" and method.subject.kind == SESSION and asks_for_savepoint(node):
        return "begin_nested"
    return method.name


def asks_for_savepoint(node: cst.Call) -> bool:
    """``session.begin(nested=True)``."""
    return any(
        arg.keyword is not None
        and arg.keyword.value == "nested"
        and isinstance(arg.value, cst.Name)
        and arg.value.value == "True"
        for arg in node.args
    )


def _given(what: str, subject: Resource, node: cst.Call) -> Value:
    if what == "self":
        return subject
    if what == "result":
        return Resource(RESULT, subject.is_async, node, None, subject)
    if what == "entity" and subject.kind == SESSION:
        return Entity(subject)
    if what == "query":
        return Resource(QUERY, False, node, None, subject)
    if what == "connection":
        return Resource(CONNECTION, subject.is_async, node, subject.creation, subject)
    if what == "raw connection" and subject.is_async is False:
        # A driver's, but of the pool all the same.
        return Resource(CONNECTION, False, node, subject.creation, subject)
    if what == "pool connection":
        return Resource(POOL_CONNECTION, True, node, subject.creation, subject)
    if what == "transaction":
        return Resource(TRANSACTION, subject.is_async, node, None, subject)
    return UNKNOWN


def _result_method(result: Resource, name: str, node: cst.Call) -> Value:
    owner = result.owner
    if name in ("scalars", "mappings", "unique", "columns", "partitions", "tuples"):
        return result
    if owner is not None and owner.kind == SESSION and name in (
        "scalar_one", "scalar_one_or_none", "one", "one_or_none", "first", "scalar", "fetchone",
    ):  # fmt: skip
        return Entity(owner)
    return UNKNOWN


def function_call(function: Function, node: cst.Call, evaluator: Evaluator) -> Value:
    """The value of calling a function of the project."""
    info = function.info
    lookup = evaluator.lookup
    names = info.decorator_names
    if info.is_generator:
        element = lookup.own(lookup.yielded(info), info, node, evaluator)
        if names & fw.MANAGER_DECORATORS:
            return Manager(node, element, info.is_async, function=function)
        return Stream(element, function, info.is_async)
    result = lookup.own(lookup.returned(info), info, node, evaluator)
    if info.is_async:
        return Coroutine(node, result, function=function)
    return result


def _foreign_call(callee: Foreign, node: cst.Call, evaluator: Evaluator) -> Value:
    """A call of another module's function, which is read only if it may return what matters."""
    if callee.module.bearing.returns_resource(callee.part):
        known = evaluator.lookup.known(callee)
        return UNKNOWN if isinstance(known, Foreign) else call(known, node, evaluator)
    return Coroutine(node, UNKNOWN, function=callee) if callee.part.is_async else UNKNOWN


def _construct(callee: Class, node: cst.Call, evaluator: Evaluator) -> Value:
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


def awaited(value: Value) -> Value:
    """The value of ``await value``."""
    if isinstance(value, Coroutine):
        return value.result
    if isinstance(value, Manager):
        return value.entered
    if isinstance(value, Bundle):
        if value.result is not UNKNOWN:
            return value.result
        inner = [item for item in value.items if isinstance(item, (Coroutine, Bundle))]
        return awaited(inner[0]) if len(inner) == 1 and len(value.items) <= 2 else UNKNOWN
    if isinstance(value, (Origin, Resource)):
        return value
    return UNKNOWN


def entered(value: Value, lookup: Lookup) -> Value:
    """What ``with value as name`` binds."""
    if isinstance(value, Manager):
        return value.entered
    if isinstance(value, (Origin, Resource)):
        return value
    if isinstance(value, Coroutine):
        return UNKNOWN
    if isinstance(value, Instance):
        return lookup.entered_instance(value)
    return UNKNOWN


def iterated(value: Value) -> Value:
    """What ``for name in value`` binds."""
    if isinstance(value, Stream):
        return value.element
    if isinstance(value, Resource) and value.kind == RESULT and value.owner is not None:
        return Entity(value.owner) if value.owner.kind == SESSION else UNKNOWN
    if isinstance(value, Origin):
        return Origin(f"{value.path}[]")
    return UNKNOWN
