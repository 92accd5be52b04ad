"""Whether what a call makes outlives the function that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.names import FunctionInfo

_PUTS = frozenset(("add", "append", "insert", "put", "register", "set", "setdefault", "update"))


def is_kept(node: cst.CSTNode, info: FunctionInfo) -> bool:
    """Whether what ``node`` gives is put where it stays when the function has returned.

    What a constructor writes to its own object stays no longer than the object.

    Args:
        node: a call in the function's body.
        info: the function.
    """
    names = {*_bound(node, info)}
    for statement in walk(info.node.body):
        if isinstance(statement, cst.Assign):
            targets = [target.target for target in statement.targets]
        elif isinstance(statement, cst.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        elif isinstance(statement, cst.Call):
            if _puts(statement, info) and any(
                _mentions(arg.value, node, names) for arg in statement.args
            ):
                return True
            continue
        else:
            continue
        value = statement.value
        if value is None or not any(_outlives(target, info) for target in targets):
            continue
        if _mentions(value, node, names):
            return True
    return False


def is_temporary(node: cst.CSTNode, info: FunctionInfo) -> bool:
    """Whether what ``node`` gives is surely ended before the function returns.

    Args:
        node: a call in the function's body.
        info: the function.
    """
    names = {*_bound(node, info)}
    if not names or is_kept(node, info):
        return False
    for block in walk(info.node.body):
        if isinstance(block, cst.Finally):
            for call in walk(block):
                if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute):
                    receiver = call.func.value
                    if call.func.attr.value in ("dispose", "close") and (
                        isinstance(receiver, cst.Name) and receiver.value in names
                    ):
                        return True
    return False


def is_handed_over(node: cst.CSTNode, info: FunctionInfo) -> bool:
    """Whether the caller of a function gets what ``node`` gives.

    Args:
        node: a call in the function's body.
        info: the function.
    """
    names = {*_bound(node, info)}
    given = [end.value for end in info.returns] + [end.value for end in info.yields]
    return any(value is not None and _mentions(value, node, names) for value in given)


def _bound(node: cst.CSTNode, info: FunctionInfo) -> Iterator[str]:
    """The local names that a function gives to what ``node`` makes."""
    for name, bindings in info.scope.names.items():
        for binding in bindings:
            if binding.kind in ("assign", "item") and any(
                inner is node for inner in walk(binding.node)
            ):
                yield name


def _mentions(value: cst.CSTNode, node: cst.CSTNode, names: set[str]) -> bool:
    if isinstance(value, cst.Await):
        # What a coroutine makes of an engine is no engine.
        names = set()
    return any(
        inner is node or (isinstance(inner, cst.Name) and inner.value in names)
        for inner in walk(value)
    )


def _puts(call: cst.Call, info: FunctionInfo) -> bool:
    func = call.func
    if isinstance(func, cst.Name):
        return func.value == "setattr"
    return (
        isinstance(func, cst.Attribute)
        and func.attr.value in _PUTS
        and _is_outside(root_of(func), info)
    )


def _outlives(target: cst.BaseExpression, info: FunctionInfo) -> bool:
    if isinstance(target, cst.Name):
        return target.value in info.scope.foreign
    if isinstance(target, (cst.Attribute, cst.Subscript)):
        return _is_outside(root_of(target), info)
    return False


def _is_outside(root: str | None, info: FunctionInfo) -> bool:
    """Whether the object of that name was there before the function was called."""
    if root is None:
        return True
    if info.name == "__init__" and root == info.self_name:
        return False
    bindings = info.scope.names.get(root, ())
    return any(binding.kind == "parameter" for binding in bindings) or not bindings


def root_of(node: cst.CSTNode) -> str | None:
    """``a`` for ``a.b[c].d()``, None for what begins with no name."""
    # Comparing types is much cheaper than asking libcst's, which are abstract.
    while type(node) is not cst.Name:
        if type(node) is cst.Call:
            node = node.func
        elif type(node) is cst.Attribute or type(node) is cst.Subscript:
            node = node.value
        else:
            return None
    return node.value
