"""``ExitStack``: what is entered on it is left at the end of its block."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge.leaving import STACKS
from pool_lint.model import effects, handing
from pool_lint.model.values import UNKNOWN, Method, Origin, Resource, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.flow import Flow

_ENTERING = frozenset(("enter_context", "enter_async_context"))
_PUSHING = frozenset(("push", "push_async_exit"))
_CALLING = frozenset(("callback", "push_async_callback"))
_CLOSING = frozenset(("close", "aclose"))


def is_stack(value: Value) -> bool:
    """Whether a value is a stack of blocks."""
    return isinstance(value, Origin) and value.path in STACKS


def called(flow: Flow, node: cst.Call, values: Sequence[Value]) -> bool:
    """A method of a stack is called.

    Args:
        flow: the function.
        node: the call.
        values: its arguments.

    Returns:
        Whether it was one: nobody else needs to care about it.
    """
    func = node.func
    if not isinstance(func, cst.Attribute) or not isinstance(func.value, cst.Name):
        return False
    stack, word = func.value.value, func.attr.value
    if not is_stack(flow.peek(func.value)):
        return False
    kept = flow.stacks.setdefault(stack, {})
    if word in _CLOSING:
        unwind(flow, stack, False)
    elif word == "pop_all":
        # Somebody else will close it.
        kept.clear()
    elif values:
        given = values[0]
        if word in _ENTERING:
            leave = handing.enter(flow, given, node.args[0].value)
        elif word in _CALLING and isinstance(given, Method):
            leave = partial(_call, flow, given, node)
        elif word in _PUSHING and isinstance(given, Resource):
            leave = partial(effects.close, flow, given, node)
        else:
            return False
        if leave is not None:
            kept[id(node)] = leave
    return True


def _call(flow: Flow, method: Method, node: cst.Call, raised: bool) -> None:
    effects.run(flow, method.subject, method.name, node, UNKNOWN)


def unwind(flow: Flow, stack: str, raised: bool) -> None:
    """The end of a stack's block: the last that was entered is the first to be left."""
    for leave in reversed(list(flow.stacks.get(stack, {}).values())):
        leave(raised)
