"""Parameters that switch a part of a function on, as one call of it sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from pool_lint.model.names import FunctionInfo

_WORDS = {"True": True, "False": False, "None": False}


def is_switched_off(node: cst.CSTNode, info: FunctionInfo, call: cst.Call) -> bool:
    """Whether a part of a function is not run by one call of it.

    Args:
        node: a node in the function, perhaps below ``if parameter:``.
        info: the function.
        call: its call.

    Returns:
        True only where the call, or the default, gives a constant that leads elsewhere.
    """
    if any(arg.star for arg in call.args):
        return False
    parents = info.scope.owner.parents
    child, current = node, parents.get(id(node))
    while current is not None and current is not info.node:
        if isinstance(current, cst.If) and child is not current.test:
            wanted = child is current.body
            test = current.test
            if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
                wanted, test = not wanted, test.expression
            if _given(test, info, call) is (not wanted):
                return True
        child, current = current, parents.get(id(current))
    return False


def _given(test: cst.BaseExpression, info: FunctionInfo, call: cst.Call) -> bool | None:
    """The truth of a parameter in a call, as far as it is a constant."""
    if not isinstance(test, cst.Name) or len(info.scope.names.get(test.value, ())) != 1:
        return None
    for param in info.params:
        if param.name.value == test.value:
            value = info.argument_of(param, call)
            value = param.default if value is None else value
            return _WORDS.get(value.value) if isinstance(value, cst.Name) else None
    return None
