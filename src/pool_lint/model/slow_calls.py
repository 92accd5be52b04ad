"""Calls that wait for something other than the database, as one function makes them."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import slow as table
from pool_lint.model import effects
from pool_lint.model.events import SlowCall
from pool_lint.model.values import (
    CONNECTION,
    POOL_CONNECTION,
    SESSION,
    UNKNOWN,
    Function,
    Instance,
    Method,
    Origin,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow

# A function whose name has one of these words works with the database, be it by a session of its own.
_DATABASE_WORDS = frozenset(
    ("session", "sessions", "db", "database", "commit", "rollback", "transaction", "flush", "sql")
)
_BUILTINS = frozenset(dir(builtins))


def style_of(flow: Flow, path: str, node: cst.Call) -> str | None:
    """How a library call waits, if it does."""
    style = flow.model.style_of(path)
    is_sleep = style == table.WAITING and path.endswith(".sleep") and node.args
    return None if is_sleep and _is_nothing(flow, node.args[0].value) else style


def _is_nothing(flow: Flow, seconds: cst.BaseExpression) -> bool:
    """Whether a sleep of so many seconds only lets others run, unless somebody says otherwise."""
    if getattr(flow.given(seconds), "value", None) == 0:
        return True
    if not isinstance(seconds, cst.Name) or flow.info is None:
        return False
    bindings = flow.info.scope.names.get(seconds.value, [])
    param = bindings[0].node if len(bindings) == 1 else None
    if not isinstance(param, cst.Param) or param.default is None:
        return False
    return getattr(flow.model.lookup.expression(param.default, flow.info.outer), "value", None) == 0


def await_work(flow: Flow, inner: cst.CSTNode, items: tuple[Value, ...]) -> None:
    """``await gather(client.get(a), client.get(b))`` waits for what is inside."""
    if not isinstance(inner, cst.Call):
        return
    for arg in inner.args:
        if isinstance(arg.value, cst.Call):
            await_other(flow, arg.value)


def await_other(flow: Flow, inner: cst.CSTNode) -> None:
    """Await what is no coroutine of ours: a client's call, or a function nobody can see."""
    if not isinstance(inner, cst.Call):
        return
    callee = flow.callee(inner)
    if isinstance(callee, Origin):
        style = style_of(flow, callee.path, inner)
        if style is not None:
            effects.slow(
                flow, SlowCall(inner, table.WAITING, label(inner, callee.path), False, None)
            )
            return
        if callee.path in table.THREAD_RUNNERS:
            await_thread(flow, inner)
            return
    if is_stranger(flow, inner, callee):
        effects.slow(flow, SlowCall(inner, table.WAITING, label(inner, ""), True, None))


def await_thread(flow: Flow, node: cst.Call) -> None:
    """``await to_thread(function)`` waits as long as the function takes."""
    index = 1 if label(node, "").endswith("run_in_executor") else 0
    if len(node.args) <= index:
        return
    target = flow.lookup.known(flow.callee_value(node.args[index].value))
    if isinstance(target, Origin) and flow.model.style_of(target.path) is not None:
        effects.slow(flow, SlowCall(node, table.WAITING, label(node, target.path), False, None))
    elif isinstance(target, Function):
        for inner in flow.summary(target.info).slow_calls:
            effects.slow(
                flow, SlowCall(node, table.WAITING, inner.label, inner.stranger, inner.node)
            )


def is_stranger(flow: Flow, node: cst.Call, callee: Value) -> bool:
    """A plain function that nobody can see the body of, and that is not given a session."""
    func = node.func
    if isinstance(callee, Origin):
        root = callee.path.partition(".")[0]
        if root in table.LOCAL_ROOTS or flow.model.is_settled(callee.path):
            return False
        if "(" in callee.path and not table.sends_mail(callee.path):
            return False
    elif (
        callee is not UNKNOWN
        or not isinstance(func, cst.Name)
        or flow.scope.find(func.value) is not None
    ):
        return False
    word = func.attr.value if isinstance(func, cst.Attribute) else getattr(func, "value", "")
    if word in _BUILTINS or not _DATABASE_WORDS.isdisjoint(word.split("_")):
        return False
    return not any(gives_session(flow, arg.value) for arg in node.args)


def gives_session(flow: Flow, node: cst.CSTNode) -> bool:
    """Whether an argument is a session, or anything that holds or mentions one."""
    if isinstance(node, cst.Lambda):
        return any(
            isinstance(inner, cst.Name) and gives_session(flow, inner) for inner in walk(node.body)
        )
    if isinstance(node, cst.Call):
        return gives_session(flow, node.func) or any(
            gives_session(flow, arg.value) for arg in node.args
        )
    value = flow.callee_value(node)
    if isinstance(value, Method):
        value = value.subject
    if isinstance(value, Resource):
        return value.kind in (SESSION, CONNECTION, POOL_CONNECTION)
    return isinstance(value, Instance) and bool(value.given)


def label(node: cst.Call, path: str) -> str:
    """What is called, as it is written where that is short, else by its path."""
    written = dotted(node.func)
    if written is not None:
        return written
    return path.replace("()", "") or "the call"
