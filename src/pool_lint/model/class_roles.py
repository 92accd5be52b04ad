"""What a class makes of its methods, and of the functions that it lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.values import Class, Function
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import ClassInfo, FunctionInfo

_MAX_DEPTH = 8
# ``self``, the message and the context of a call.
_RPC_PARAMETERS = 3


def roles_by_class(info: ClassInfo, lookup: Lookup) -> Iterator[tuple[FunctionInfo, str]]:
    """The functions that run for every request, task or message because of a class.

    Args:
        info: the class.
        lookup: the names of its module.

    Yields:
        Each function with its role.
    """
    yield from _listed(info, lookup)
    found = _base(info, lookup, 0)
    if found is None:
        return
    role, is_servicer = found
    if is_servicer:
        yield from ((method, role) for method in _remote_methods(info))
        return
    for name in fw.HANDLER_METHODS:
        method = info.method(name)
        if method is not None:
            yield method, role


def _base(info: ClassInfo, lookup: Lookup, depth: int) -> tuple[str, bool] | None:
    """The role that a class has from what it descends from, and whether it is a gRPC servicer."""
    for base in info.bases:
        name = dotted(base)
        if name is None:
            continue
        value = lookup.expression(base, info.outer)
        word = name.rpartition(".")[2]
        if isinstance(value, Class) and depth < _MAX_DEPTH:
            found = _base(value.info, lookup, depth + 1)
        elif word.endswith(fw.SERVICER):
            found = (fw.HANDLER, True)
        else:
            role = fw.HANDLER_BASES.get(word)
            found = (role, False) if role is not None else None
        if found is not None:
            return found
    return None


def _remote_methods(info: ClassInfo) -> Iterator[FunctionInfo]:
    for name in info.scope.names:
        method = info.method(name)
        if method is None or name.startswith("_"):
            continue
        if len(method.params) == _RPC_PARAMETERS:
            yield method


def _listed(info: ClassInfo, lookup: Lookup) -> Iterator[tuple[FunctionInfo, str]]:
    """``class WorkerSettings: functions = [index]``: a worker runs what the class lists."""
    if not info.name.endswith(fw.WORKER_CLASSES):
        return
    for attribute, role in fw.WORKER_LISTS.items():
        for binding in info.scope.names.get(attribute, ()):
            for node in _elements(binding.node) if binding.kind == "assign" else ():
                value = lookup.expression(node, info.scope)
                if isinstance(value, Function):
                    yield value.info, role


def _elements(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    if isinstance(node, (cst.List, cst.Tuple)):
        for element in node.elements:
            yield from _elements(element.value)
    elif isinstance(node, cst.Call):
        # ``cron(index, hour=3)`` and ``func(index, max_tries=1)``.
        yield from (arg.value for arg in node.args[:1])
    elif isinstance(node, cst.BaseExpression):
        yield node
