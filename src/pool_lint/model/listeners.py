"""Listeners to events of SQLAlchemy: what they listen to, and which function is to be called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.loading import read_name
from pool_lint.model.values import (
    CONNECTION,
    ENGINE,
    FACTORY,
    INERT,
    NONE,
    SESSION,
    UNKNOWN,
    Class,
    Function,
    Instance,
    Origin,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo, Names, Scope

# The attribute of an async object that is the plain one below it.
PLAIN = {ENGINE: "sync_engine", CONNECTION: "sync_connection", SESSION: "sync_session"}
_DEAF = frozenset((*PLAIN, FACTORY))
_REGISTRARS = ("listens_for", "listen")
# These do not change what kind of function they are put on.
_HARMLESS = frozenset(("staticmethod", "classmethod"))


class Listening:
    """One ``listens_for(target, name)`` or ``listen(target, name, function)``.

    Attributes:
        call: the whole call.
        target: what is listened to, as written.
        listener: the function that is to be called; None where it is not known.
        named: the argument that names the function; None for a decorator.
    """

    __slots__ = ("call", "listener", "named", "target")

    def __init__(
        self,
        call: cst.Call,
        target: cst.BaseExpression,
        listener: FunctionInfo | None,
        named: cst.BaseExpression | None,
    ) -> None:
        self.call = call
        self.target = target
        self.listener = listener
        self.named = named


def listenings(model: ModuleModel) -> Iterator[Listening]:
    """Every registration of a listener to an event of SQLAlchemy in a module."""
    decorated = {id(d): info for info in model.names.functions for d in info.decorators}
    for call, scope in tuple(model.names.calls):
        word = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
        is_registrar = isinstance(word, cst.Name) and _is_registrar(call, scope, model)
        target = _argument(call, 0, "target") if is_registrar else None
        listener = decorated.get(id(call))
        if target is None or model.is_expected_to_fail(listener.node if listener else call):
            continue
        named = _argument(call, 2, "fn")
        if named is not None:
            listener = _named(named, scope, model.lookup)
        if listener is not None and not _is_called_as_written(listener, call, model):
            listener = None
        yield Listening(call, target, listener, named)


def _is_registrar(call: cst.Call, scope: Scope, model: ModuleModel) -> bool:
    value = model.lookup.expression(call.func, scope)
    if not isinstance(value, Origin) or not sa.is_sqlalchemy(value.path):
        return False
    parts = value.path.split(".")
    return parts[-1] in _REGISTRARS and "event" in parts


def _argument(call: cst.Call, index: int, name: str) -> cst.BaseExpression | None:
    for place, arg in enumerate(call.args):
        if arg.star:
            return None
        if arg.keyword is None and place == index:
            return arg.value
        if arg.keyword is not None and arg.keyword.value == name:
            return arg.value
    return None


def _named(node: cst.BaseExpression, scope: Scope, lookup: Lookup) -> FunctionInfo | None:
    """The function that an expression names, be it one that matters to nobody who calls it."""
    value = lookup.known(lookup.expression(node, scope))
    if isinstance(value, Function):
        return value.info
    if isinstance(node, cst.Call) and node.args:
        called = lookup.expression(node.func, scope)
        is_partial = isinstance(called, Origin) and called.path == "functools.partial"
        return _named(node.args[0].value, scope, lookup) if is_partial else None
    if value is not INERT:
        return None
    if isinstance(node, cst.Attribute):
        owner = lookup.expression(node.value, scope)
        return owner.info.method(node.attr.value) if isinstance(owner, Instance) else None
    if isinstance(node, cst.Name) and lookup.rest is not None:
        value = read_name(node.value, lookup.rest, lookup)
    return value.info if isinstance(value, Function) else None


def _is_called_as_written(info: FunctionInfo, call: cst.Call, model: ModuleModel) -> bool:
    """Whether no decorator may make another kind of function of it before it is registered."""
    home = model.home_of(info)
    below = info.decorators
    places = [index for index, one in enumerate(below) if one is call]
    for decorator in below[places[0] + 1 :] if places else below:
        is_event = isinstance(decorator, cst.Call) and _is_registrar(decorator, info.outer, home)
        word = decorator.value if isinstance(decorator, cst.Name) else None
        if not is_event and word not in _HARMLESS:
            return False
    return True


class Unheard:
    """An async object of which SQLAlchemy takes no listeners.

    Attributes:
        listening: the registration.
        kind: the kind of the resource, or "class" for one of SQLAlchemy's async classes.
        word: how such objects are called.
    """

    __slots__ = ("kind", "listening", "word")

    def __init__(self, listening: Listening, kind: str, word: str) -> None:
        self.listening = listening
        self.kind = kind
        self.word = word


def unheard(model: ModuleModel) -> Iterator[Unheard]:
    """The listeners that are registered for async objects, which raises."""
    for listening in listenings(model):
        if _is_asked_for(listening, model.names):
            continue
        value = _target(listening.target, model.names.scope_at(listening.call), model.lookup)
        path = _class_path(value, model)
        if path is not None:
            yield Unheard(listening, "class", path.rpartition(".")[2])
        elif isinstance(value, Resource) and value.kind in _DEAF and _is_async(value):
            yield Unheard(listening, value.kind, f"an async {value.kind}")


def _is_asked_for(listening: Listening, names: Names) -> bool:
    """``if hasattr(AsyncSession, name): listen(AsyncSession, name, listener)`` never comes to it."""
    child: cst.CSTNode = listening.call
    parent = names.parents.get(id(child))
    target = dotted(listening.target)
    while parent is not None:
        if isinstance(parent, cst.If) and child is parent.body:
            calls = (node for node in walk(parent.test) if isinstance(node, cst.Call) and node.args)
            asked = {dotted(one.args[0].value) for one in calls if dotted(one.func) == "hasattr"}
            if target is not None and target in asked:
                return True
        child, parent = parent, names.parents.get(id(parent))
    return False


def _target(node: cst.BaseExpression, scope: Scope, lookup: Lookup) -> Value:
    """What is listened to; unknown where a name stands for one thing here and another there."""
    home = scope.find(node.value) if isinstance(node, cst.Name) else None
    if home is not None and isinstance(node, cst.Name):
        values = [lookup.binding(binding) for binding in home.names[node.value]]
        flavours = {
            v.is_async if isinstance(v, Resource) else None for v in values if v is not NONE
        }
        if len(flavours) > 1:
            return UNKNOWN
    return lookup.expression(node, scope)


def _class_path(value: Value, model: ModuleModel) -> str | None:
    """The path of the async class of SQLAlchemy that a value is, or descends from."""
    path = value.path if isinstance(value, Origin) else None
    if isinstance(value, Class):
        path = model.lookup.library_base(value.info)
    known = sa.class_of(path) if path is not None else None
    is_async = known is not None and known[1] is True
    return path if is_async and path is not None and sa.is_sqlalchemy(path) else None


def _is_async(value: Resource) -> bool:
    """Whether an object is async for certain: declared or seen made, not guessed from its use."""
    return value.is_async is True and _is_certain(value)


def _is_certain(value: Resource) -> bool:
    if value.creation is not None:
        return True
    if value.owner is not None:
        return _is_certain(value.owner)
    if isinstance(value.site, cst.Param):
        return value.site.annotation is not None or value.site.default is not None
    return not isinstance(value.site, (cst.WithItem, cst.Name, cst.Attribute))


def never_awaited(model: ModuleModel) -> Iterator[tuple[Listening, FunctionInfo]]:
    """The listeners that are coroutine functions, each with what registers it first."""
    known: set[int] = set()
    for listening in listenings(model):
        info = listening.listener
        if info is not None and info.is_async and id(info) not in known:
            known.add(id(info))
            yield listening, info


def needs_no_loop(info: FunctionInfo) -> bool:
    """Whether nothing in a coroutine function has to be awaited, so that it may be a plain one."""
    if info.is_generator:
        return False
    nested = {id(n) for inner in info.inner for n in walk(inner.node)}
    for node in walk(info.node.body):
        if id(node) in nested:
            continue
        if isinstance(node, cst.Await):
            return False
        if isinstance(node, (cst.With, cst.For, cst.CompFor)) and node.asynchronous is not None:
            return False
    return True
