"""Whether somebody limits the time for which a call may wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import time_limits as table
from pool_lint.model.values import POOL_CONNECTION, Manager, Origin, Resource, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.flow import Flow

_ENDS = (cst.FunctionDef, cst.Lambda, cst.ClassDef)


def around(node: cst.CSTNode, flow: Flow) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """What stands around a node in its function, from the inside, each with its part in it."""
    parents = flow.lookup.names.parents
    parent = parents.get(id(node))
    while parent is not None and not isinstance(parent, _ENDS):
        yield parent, node
        node, parent = parent, parents.get(id(parent))


def limits(outer: cst.CSTNode, part: cst.CSTNode, flow: Flow, *, raises: bool = False) -> bool:
    """Whether a call or a block limits the time for one of its parts.

    Args:
        outer: the call or the block.
        part: what stands in it.
        flow: the function.
        raises: whether to ask only for what raises TimeoutError then.
    """
    if isinstance(outer, cst.Call):
        return isinstance(part, cst.Arg) and _path(outer.func, flow) in table.WAITERS
    if not isinstance(outer, cst.With):
        return False
    for item in outer.items:
        if item is part:
            return False
        path = _path(item.item.func, flow) if isinstance(item.item, cst.Call) else ""
        if path in table.BLOCKS or (path in table.QUIET_BLOCKS and not raises):
            return True
    return False


def is_limited(node: cst.CSTNode, flow: Flow) -> bool:
    """Whether something around a call limits the time for which it may wait."""
    return any(limits(outer, part, flow) for outer, part in around(node, flow))


def has_timeout(call: cst.Call) -> bool:
    """Whether a call is given a timeout, or may be."""
    for arg in call.args:
        if arg.star or (arg.keyword is not None and arg.keyword.value == "timeout"):
            return not (isinstance(arg.value, cst.Name) and arg.value.value == "None")
    return False


def acquired(result: Value, node: cst.Call) -> Resource | None:
    """The connection that ``pool.acquire()`` gives, if that is what a call does."""
    if not isinstance(result, Manager) or result.function is not None:
        return None
    made = result.entered
    if not isinstance(made, Resource) or made.kind != POOL_CONNECTION or made.site is not node:
        return None
    return made


def _path(func: cst.BaseExpression, flow: Flow) -> str:
    value = flow.callee_value(func)
    return value.path if isinstance(value, Origin) else ""
