"""What ``Depends`` names, which functions are dependencies, and what those give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.knowledge.frameworks import UNWRAPPING_FASTAPI
from pool_lint.model.closing import references
from pool_lint.model.names import ClassInfo
from pool_lint.model.values import (
    FACTORY,
    SESSION,
    Class,
    Coroutine,
    Foreign,
    Function,
    Instance,
    Manager,
    Origin,
    Resource,
    Stream,
    Value,
    seen,
)  # fmt: skip
from pool_lint.settings import is_before
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo, Scope

# How a dependency can be misused.
CONTEXT_MANAGER = "context manager"
SESSION_FACTORY = "session factory"
CALLED = "called"

_MARKERS = frozenset(("Depends", "Security"))
# Their markers take other things than FastAPI's do.
_OTHERS = frozenset(("fast_depends", "faststream", "taskiq", "taskiq_dependencies", "propan", "dishka",
                     "aiogram_dialog", "ninja_extra", "typer_di"))  # fmt: skip
_MANAGER_CALLS = frozenset(f"contextlib.{name}()" for name in fw.MANAGER_DECORATORS)
_FACTORIES = frozenset((sa.SYNC_FACTORY, sa.ASYNC_FACTORY))
_SCOPED = frozenset((sa.SCOPED, sa.ASYNC_SCOPED))
# What may be asked of a session without a connection being taken.
_UNUSED = frozenset(("bind", "get_bind", "info"))


class Use:
    """One ``Depends(provider)``.

    Attributes:
        call: the whole call.
        node: what it is given.
        value: what that is.
    """

    __slots__ = ("call", "node", "value")

    def __init__(self, call: cst.Call, node: cst.BaseExpression, value: Value) -> None:
        self.call = call
        self.node = node
        self.value = value

    @property
    def misuse(self) -> str | None:
        """How the provider is none; None where it is one, or nobody knows."""
        value = self.value
        if isinstance(value, Foreign):
            head = value.part.text.partition("def ")[0]
            return (
                CONTEXT_MANAGER
                if any(f"{name}\n" in head for name in fw.MANAGER_DECORATORS)
                else None
            )
        if isinstance(value, Function):
            return CONTEXT_MANAGER if value.info.decorator_names & fw.MANAGER_DECORATORS else None
        if isinstance(value, Origin):
            return CONTEXT_MANAGER if value.path in _MANAGER_CALLS else None
        if isinstance(value, Resource):
            return _misused_resource(self.node, value)
        if isinstance(self.node, cst.Call) and isinstance(value, (Stream, Coroutine, Manager)):
            return CALLED if value.function is not None else None
        return None

    @property
    def is_repaired_by_name(self) -> bool:
        """Whether all is well without the brackets."""
        value = self.value
        return (
            isinstance(self.node, cst.Call)
            and not self.node.args
            and isinstance(value, (Stream, Coroutine))
        )

    def function(self, lookup: Lookup) -> FunctionInfo | None:
        """The function that gives the dependency, for an object its ``__call__``."""
        value = self.value
        if isinstance(value, Instance):
            value = lookup.attribute(value.info, "__call__", value)
        known = lookup.known(value)
        return known.info if isinstance(known, Function) else None


def _misused_resource(node: cst.BaseExpression, value: Resource) -> str | None:
    creation = value.creation
    if creation is None or creation.role in _SCOPED:
        return None
    if value.kind == FACTORY:
        return SESSION_FACTORY if creation.role in _FACTORIES else None
    return CALLED if value.kind == SESSION and isinstance(node, cst.Call) else None


def uses(model: ModuleModel) -> Iterator[Use]:
    """Every ``Depends`` and ``Security`` of a module that names a provider."""
    for call, scope in tuple(model.names.calls):
        if not _is_marker(call, scope, model.lookup):
            continue
        for arg in call.args:
            if not arg.star and (arg.keyword is None or arg.keyword.value == "dependency"):
                value = seen(model.lookup.expression(arg.value, scope))
                yield Use(call, arg.value, value)
                break


def works_by_hand(use: Use, model: ModuleModel) -> bool:
    """Whether a context manager as a dependency does, because its user may enter it himself.

    Older FastAPI hands it to the handler as it is.  Only where every use of it is one that it
    does not have is it certain that nobody enters it.
    """
    names = model.names
    if not is_before(model.target("fastapi"), UNWRAPPING_FASTAPI):
        return False
    param = names.enclosing(use.call, cst.Param)
    function = names.enclosing(use.call, cst.FunctionDef)
    scope = names.scopes.get(id(function))
    info = scope.info if scope is not None else None
    if not isinstance(param, cst.Param) or info is None or isinstance(info, ClassInfo):
        return True
    uses = [names.parents.get(id(node)) for node in references(param.name.value, info)]
    return not uses or not all(
        isinstance(one, cst.Attribute) and not one.attr.value.startswith("__") for one in uses
    )


def _is_marker(call: cst.Call, scope: Scope, lookup: Lookup) -> bool:
    func = call.func
    word = func.attr.value if isinstance(func, cst.Attribute) else getattr(func, "value", "")
    if word not in _MARKERS:
        return False
    value = lookup.expression(func, scope)
    if isinstance(value, Origin):
        return value.path.partition(".")[0] not in _OTHERS
    return not isinstance(value, (Function, Class, Foreign))


class Opened:
    """A session that a function opens and hands out.

    Attributes:
        session: the session.
        node: the ``return`` or ``yield``.
        name: what it is called in the function; None where it is handed out nameless.
    """

    __slots__ = ("name", "node", "session")

    def __init__(self, session: Resource, node: cst.Return | cst.Yield, name: str | None) -> None:
        self.session = session
        self.node = node
        self.name = name


def opened(info: FunctionInfo, lookup: Lookup) -> Iterator[Opened]:
    """The sessions that a function opens itself and returns or yields."""
    if info.names is not lookup.names:
        lookup = info.names.lookup
    handed: tuple[cst.Return | cst.Yield, ...] = (*info.returns, *info.yields)
    for node in handed:
        given = node.value
        if not isinstance(given, (cst.Name, cst.Call, cst.Await)):
            continue
        session = lookup.expression(given, lookup.names.scope_at(node))
        if isinstance(session, Resource) and is_new(session, info, lookup):
            name = given.value if isinstance(given, cst.Name) else None
            is_local = name is None or info.scope.find(name) is info.scope
            if is_local and (name is None or not is_handed_on(name, info, lookup)):
                yield Opened(session, node, name)


def is_new(session: Resource, info: FunctionInfo, lookup: Lookup, depth: int = 3) -> bool:
    """Whether a function makes a session itself, each time, and gives it to nobody at once."""
    call = session.site
    if not isinstance(call, cst.Call) or not any(call is own for own in info.calls):
        return False
    if isinstance(lookup.names.parents.get(id(call)), cst.Arg):
        return False
    return is_made_by(call, session, lookup, depth)


def is_made_by(call: cst.Call, session: Value, lookup: Lookup, depth: int = 3) -> bool:
    """Whether a call makes a session: a new one, and no registry of several."""
    if not isinstance(session, Resource) or session.kind != SESSION or session.site is not call:
        return False
    creation = session.creation
    if creation is not None and creation.role in _SCOPED:
        return False
    maker = lookup.known(lookup.expression(call.func, lookup.names.scope_at(call)))
    if isinstance(maker, Function):
        inner = maker.info
        if not depth or inner.is_generator:
            return False
        own = inner.names.lookup
        given = own.returned(inner)
        return isinstance(given, Resource) and is_new(given, inner, own, depth - 1)
    return creation is not None or session.owner is not None


def is_handed_on(name: str, info: FunctionInfo, lookup: Lookup) -> bool:
    """Whether a function stores what it calls ``name``, or gives it, or a method of it, away."""
    for call in info.calls:
        for arg in call.args:
            given = arg.value
            while isinstance(given, cst.Attribute):
                given = given.value
            if isinstance(given, cst.Name) and given.value == name:
                return True
    stored = [*lookup.names.stored.values()]
    if info.class_info is not None:
        stored += info.class_info.attributes.values()
    return any(
        isinstance(binding.node, cst.Name)
        and binding.node.value == name
        and binding.scope is info.scope
        for bindings in stored
        for binding in bindings
    )


def gives_session(value: Value) -> FunctionInfo | None:
    """The generator function, used as a dependency is, of which a call made ``value``.

    Only those count that yield a session which they have opened.
    """
    if not isinstance(value, Stream) or value.function is None:
        return None
    info = value.function.info
    lookup = info.names.lookup
    session = lookup.yielded(info)
    if not isinstance(session, Resource) or session.kind != SESSION:
        return None
    declared = session.site is info.node
    return info if declared or is_new(session, info, lookup) else None


class Taken:
    """A session that ``next()`` takes out of a generator which nobody keeps.

    Attributes:
        call: the ``next()``.
        generator: the generator's function.
        is_closed: whether the session is closed afterwards, by a block or by hand.
    """

    __slots__ = ("call", "generator", "is_closed")

    def __init__(self, call: cst.Call, generator: FunctionInfo, is_closed: bool) -> None:
        self.call = call
        self.generator = generator
        self.is_closed = is_closed


def taken_by_next(model: ModuleModel) -> Iterator[Taken]:
    """``next()`` and its kin on a generator that nobody keeps."""
    for call, scope in tuple(model.names.calls):
        generator = _stepped(call, scope)
        info = gives_session(model.lookup.expression(generator, scope)) if generator else None
        if info is None:
            continue
        parents = model.names.parents
        parent = parents.get(id(call))
        if isinstance(parent, cst.Await):
            parent = parents.get(id(parent))
        # What is thrown away has been closed by the generator, and opens no more; nor does that of
        # which only the engine is wanted.
        is_unused = isinstance(parent, cst.Attribute) and parent.attr.value in _UNUSED
        if not isinstance(parent, cst.Expr) and not is_unused:
            yield Taken(call, info, _is_closed_later(parent, scope))


def _is_closed_later(parent: cst.CSTNode | None, scope: Scope) -> bool:
    if isinstance(parent, cst.WithItem):
        return True
    info = scope.function
    if info is None or not isinstance(parent, (cst.Assign, cst.AnnAssign)):
        return False
    target = parent.target if isinstance(parent, cst.AnnAssign) else parent.targets[0].target
    name = dotted(target)
    closes = {f"{name}.close", f"{name}.aclose"}
    return name is not None and any(dotted(call.func) in closes for call in info.calls)


def _stepped(call: cst.Call, scope: Scope) -> cst.Call | None:
    """The call that makes the generator of which ``call`` takes the first value."""
    func = call.func
    given: cst.CSTNode | None = None
    if type(func) is cst.Attribute and func.attr.value in ("__next__", "__anext__"):
        given = func.value
    elif type(func) is cst.Name and func.value in ("next", "anext") and call.args:
        given = call.args[0].value if scope.find(func.value) is None else None
    return given if isinstance(given, cst.Call) else None


def returned_sessions(model: ModuleModel) -> Iterator[tuple[Use, FunctionInfo, Opened]]:
    """The sessions that dependencies of this module open and return, with a use of each."""
    seen: set[int] = set()
    for use in uses(model):
        info = use.function(model.lookup)
        if info is None or info.names is not model.names or id(info) in seen:
            continue
        seen.add(id(info))
        if not info.is_generator:
            for given in opened(info, model.lookup):
                yield use, info, given
