"""Web applications: how each was made, and what is said of its beginning and its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.closing import ENDS
from pool_lint.model.values import Function, Origin
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import Binding, FunctionInfo, Scope

# Applications whose ``lifespan`` replaces their events.
_APPLICATIONS = frozenset(
    ("fastapi.FastAPI", "fastapi.applications.FastAPI", "starlette.applications.Starlette")
)
_EVENTS = frozenset(("on_event", "add_event_handler"))
# Lists of an application to which hooks are appended.
_ENDINGS = frozenset(("on_cleanup", "on_shutdown"))
# How the functions are called that close what somebody else has opened.
_CLOSERS = ("close", "dispose", "disconnect", "shutdown", "stop", "cleanup", "teardown", "aclose",
            "terminate", "unload", "exit")  # fmt: skip


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
        if lifespan is not None and not _is_done_there(call, lifespan, scope, model):
            yield IgnoredEvent(call, lifespan)


def _is_done_there(call: cst.Call, lifespan: cst.Arg, scope: Scope, model: ModuleModel) -> bool:
    """Whether the lifespan calls an event handler itself, or does all that the handler would do."""
    replacing = _function(lifespan.value, scope, model)
    above = model.names.parents.get(id(call))
    decorated = model.names.parents.get(id(above)) if isinstance(above, cst.Decorator) else None
    if isinstance(decorated, cst.FunctionDef):
        handler = next((one for one in model.names.functions if one.node is decorated), None)
    else:
        handler = _function(call.args[1].value, scope, model) if len(call.args) > 1 else None
    if replacing is None or handler is None:
        return False
    if any(isinstance(one.func, cst.Name) and one.func.value == handler.name
           for one in replacing.calls):  # fmt: skip
        return True
    done = {
        _code(node) for node in walk(replacing.node) if isinstance(node, cst.BaseSmallStatement)
    }
    body = handler.node.body
    lines = body.body if isinstance(body, cst.IndentedBlock) else ()
    return bool(lines) and all(
        isinstance(line, cst.SimpleStatementLine) and all(_code(one) in done for one in line.body)
        for line in lines
    )


def _function(node: cst.BaseExpression, scope: Scope, model: ModuleModel) -> FunctionInfo | None:
    value = model.lookup.known(model.lookup.expression(node, scope))
    return value.info if isinstance(value, Function) else None


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


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


def is_started(info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether a function is a start-up hook, also one that is appended to a list of them."""
    if fw.STARTUP in model.roles.of(info):
        return True
    return any(
        isinstance(value, Function) and value.info is info
        for _, value in _appended(frozenset(("on_startup",)), model)
    )


def _appended(lists: frozenset[str], model: ModuleModel) -> Iterator[tuple[cst.Call, object]]:
    """``app.on_startup.append(hook)``: the calls and what they append."""
    for call, scope in model.names.calls:
        func = call.func
        if (
            isinstance(func, cst.Attribute)
            and func.attr.value == "append"
            and isinstance(func.value, cst.Attribute)
            and func.value.attr.value in lists
            and call.args
        ):
            yield call, model.lookup.expression(call.args[0].value, scope)


def closes_elsewhere(name: str, model: ModuleModel) -> bool:
    """Whether what is kept under a name may be closed by somebody else.

    Args:
        name: the last word of where it is kept, ``pool`` for ``app.state.pool``.
        model: the module.
    """
    if any(not isinstance(value, Function) for _, value in _appended(_ENDINGS, model)):
        return True
    for call, _ in model.names.calls:
        word = (dotted(call.func) or "").rpartition(".")[2]
        if isinstance(call.func, cst.Attribute):
            word = call.func.attr.value
        if any(arg.keyword is not None and _ends(arg.keyword.value) for arg in call.args):
            return True
        if not word.startswith(_CLOSERS):
            continue
        receiver = call.func.value if isinstance(call.func, cst.Attribute) else None
        if receiver is None or word not in ENDS:
            if not _is_event(call, model):
                return True
        elif _says(receiver, name) or not _is_plain(receiver):
            return True
    return any(
        isinstance(node, cst.Attribute) and node.attr.value in ENDS and _says(node.value, name)
        for call, _ in model.names.calls
        for arg in call.args
        for node in walk(arg.value)
    )


def _ends(keyword: str) -> bool:
    return keyword in ("lifespan", "on_shutdown", "shutdown", "on_cleanup")


def _is_event(call: cst.Call, model: ModuleModel) -> bool:
    """``@app.shutdown()`` as a decorator closes nothing by itself."""
    return isinstance(model.names.parents.get(id(call)), cst.Decorator)


def _says(node: cst.CSTNode, name: str) -> bool:
    for inner in walk(node):
        if isinstance(inner, cst.Attribute) and inner.attr.value == name:
            return True
        if isinstance(inner, cst.Name) and inner.value == name:
            return True
        if isinstance(inner, cst.SimpleString) and inner.raw_value == name:
            return True
    return False


def _is_plain(node: cst.CSTNode) -> bool:
    """A name says what it is; a local variable of a loop may be anything."""
    return isinstance(node, (cst.Attribute, cst.Subscript))
