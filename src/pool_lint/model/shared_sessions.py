"""Sessions that outlive a request: made once, and used by whoever comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.dependencies import is_made_by
from pool_lint.model.roles import main_guards
from pool_lint.model.values import Origin
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import Binding, FunctionInfo, Scope

# Where a session is kept.
MODULE = "module"
CLASS = "class"
DEFAULT = "default argument"
APPLICATION = "application"

_APPLICATIONS = frozenset(("FastAPI()", "Starlette()", "Litestar()", "Quart()", "Flask()"))
_SERVERS = frozenset(
    ("uvicorn", "hypercorn", "granian", "gunicorn", "fastapi", "flask", "starlette")
)
_APPLICATION_NAMES = frozenset(("app", "application"))


class Shared:
    """A session that is made once.

    Attributes:
        call: what makes it.
        place: where it is kept, one of the constants of this module.
        name: how it is known there.
    """

    __slots__ = ("call", "name", "place")

    def __init__(self, call: cst.CSTNode, place: str, name: str) -> None:
        self.call = call
        self.place = place
        self.name = name


def find(model: ModuleModel) -> Iterator[Shared]:
    """The sessions of a module that everybody shares, once each."""
    seen: set[int] = set()
    for place, name, node, scope in _kept(model):
        if not isinstance(node, cst.Call) or id(node) in seen:
            continue
        if not is_made_by(node, model.lookup.expression(node, scope), model.lookup):
            continue
        seen.add(id(node))
        if not model.is_quiet_at(node, scope.function):
            yield Shared(node, place, name)


def _kept(model: ModuleModel) -> Iterator[tuple[str, str, cst.CSTNode, Scope]]:
    """What is kept where a session could be shared: the place, the name, the value, its scope."""
    names = model.names
    for name, bindings in tuple(names.module.names.items()):
        for binding in bindings:
            if binding.kind == "assign" and not _is_script_variable(name, binding, model):
                yield MODULE, name, binding.node, binding.scope
    for info in tuple(names.classes):
        for name, bindings in tuple(info.scope.names.items()):
            for binding in bindings:
                if binding.kind == "assign" and not info.name.startswith("Test"):
                    yield CLASS, f"{info.name}.{name}", binding.node, binding.scope
        for name, bindings in tuple(info.attributes.items()):
            for binding in bindings:
                if binding.kind == "assign" and _is_of_class(binding, model):
                    yield CLASS, f"{info.name}.{name}", binding.node, binding.scope
    for function in tuple(names.functions):
        yield from _defaults(function)
    for bindings in tuple(names.stored.values()):
        for binding in bindings:
            path = _application_path(binding, model) if binding.kind == "assign" else None
            if path is not None:
                yield APPLICATION, path, binding.node, binding.scope


def _defaults(info: FunctionInfo) -> Iterator[tuple[str, str, cst.CSTNode, Scope]]:
    for param in info.params:
        if param.default is not None:
            yield DEFAULT, param.name.value, param.default, info.outer


def _is_script_variable(name: str, binding: Binding, model: ModuleModel) -> bool:
    """Whether a module runs as a program, or works with the session itself, and serves nobody."""
    if binding.scope.function is not None or model.serves_requests():
        return False
    if main_guards(model.names.module.node) and not _SERVERS.intersection(
        path.partition(".")[0] for path in model.names.imports
    ):
        return True
    for call, scope in model.names.calls:
        if scope is not model.names.module:
            continue
        func = call.func
        if isinstance(func, cst.Attribute) and dotted(func.value) == name:
            return True
        is_function = isinstance(func, cst.Name) and func.value[:1].islower()
        if is_function and any(dotted(arg.value) == name for arg in call.args):
            return True
    return False


def _is_of_class(binding: Binding, model: ModuleModel) -> bool:
    """``cls.session = ...`` and ``Repository.session = ...``, but not ``self.session = ...``."""
    target = _target(binding, model)
    return target is not None and dotted(target.value) not in (None, "self")


def _application_path(binding: Binding, model: ModuleModel) -> str | None:
    """``app.state.session``, where it is known that this is the application's."""
    target = _target(binding, model)
    path = dotted(target) if target is not None else None
    state = target.value if target is not None else None
    if path is None or not isinstance(state, cst.Attribute) or state.attr.value != "state":
        return None
    if path.split(".")[-3] in _APPLICATION_NAMES:
        return path
    owner = model.lookup.expression(state.value, binding.scope)
    known = isinstance(owner, Origin) and owner.path.rpartition(".")[2] in _APPLICATIONS
    return path if known else None


def _target(binding: Binding, model: ModuleModel) -> cst.Attribute | None:
    """The attribute that a binding writes."""
    statement = model.names.parents.get(id(binding.node))
    if isinstance(statement, cst.AnnAssign):
        return statement.target if isinstance(statement.target, cst.Attribute) else None
    if isinstance(statement, cst.Assign) and isinstance(statement.targets[0].target, cst.Attribute):
        return statement.targets[0].target
    return None
