"""Web applications: how each was made, and what is said of its beginning and its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.values import Origin

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import Binding, Scope

# Applications whose ``lifespan`` replaces their events.
_APPLICATIONS = frozenset(
    ("fastapi.FastAPI", "fastapi.applications.FastAPI", "starlette.applications.Starlette")
)
_EVENTS = frozenset(("on_event", "add_event_handler"))


class IgnoredEvent:
    """An event handler that is registered and never called.

    Attributes:
        call: what registers it.
        lifespan: the argument of the application that replaces the events.
    """

    __slots__ = ("call", "lifespan")

    def __init__(self, call: cst.Call, lifespan: cst.Arg) -> None:
        self.call = call
        self.lifespan = lifespan


def ignored_events(model: ModuleModel) -> Iterator[IgnoredEvent]:
    """The event handlers of applications that have a lifespan."""
    for call, scope in model.names.calls:
        func = call.func
        if not isinstance(func, cst.Attribute) or func.attr.value not in _EVENTS:
            continue
        made = _made(func.value, scope, model)
        lifespan = _lifespan(made) if made is not None else None
        if lifespan is not None:
            yield IgnoredEvent(call, lifespan)


def _lifespan(made: cst.Call) -> cst.Arg | None:
    for arg in made.args:
        if arg.keyword is not None and arg.keyword.value == "lifespan":
            is_none = isinstance(arg.value, cst.Name) and arg.value.value == "None"
            return None if is_none else arg
    return None


def _made(node: cst.BaseExpression, scope: Scope, model: ModuleModel) -> cst.Call | None:
    """The call that made an application, where only one can have."""
    bindings = _bindings(node, scope)
    if len(bindings) != 1 or bindings[0].kind != "assign":
        return None
    made = bindings[0].node
    if not isinstance(made, cst.Call):
        return None
    value = model.lookup.expression(made.func, bindings[0].scope)
    return made if isinstance(value, Origin) and value.path in _APPLICATIONS else None


def _bindings(node: cst.BaseExpression, scope: Scope) -> list[Binding]:
    """What gives a name, or an attribute of the object itself, its value."""
    if isinstance(node, cst.Name):
        home = scope.find(node.value)
        return home.names[node.value] if home is not None else []
    function = scope.function
    if (
        isinstance(node, cst.Attribute)
        and isinstance(node.value, cst.Name)
        and function is not None
        and function.class_info is not None
        and function.self_name == node.value.value
    ):
        return function.class_info.attributes.get(node.attr.value, [])
    return []
