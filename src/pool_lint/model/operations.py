"""What attributes, calls, ``await`` and ``with`` give: the meaning of one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model import library_calls, objects, statement_kinds
from pool_lint.model.constructors import construct
from pool_lint.model.values import (
    CONNECTION,
    ENGINE,
    FACTORY,
    POOL_CONNECTION,
    QUERY,
    RESULT,
    SESSION,
    TRANSACTION,
    UNKNOWN,
    Bundle,
    Class,
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
        return statement_kinds.built(callee, node, evaluator) or library_calls.called(
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
        return construct(callee, node, evaluator)
    if isinstance(callee, Resource):
        if callee.kind == FACTORY:
            creation = callee.creation.called(node, evaluator) if callee.creation else None
            return Resource(SESSION, callee.is_async, node, creation, callee)
        if callee.kind == SESSION:
            return callee
    return library_calls.of_stranger(node, evaluator)


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
