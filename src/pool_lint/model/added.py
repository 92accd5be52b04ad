"""Whether ``session.add(obj)`` writes something new, or takes back what had left its session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.values import Class, Instance
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow


def is_new(flow: Flow, node: cst.Call) -> bool:
    """Whether what is added was made in this function, or changed in it.

    An object that was given to the function may have been added to be read again.
    """
    given = node.args[0].value if node.args else None
    return given is not None and _is_made(flow, given)


def _is_made(flow: Flow, node: cst.BaseExpression) -> bool:
    if isinstance(node, (cst.List, cst.Tuple)):
        return any(_is_made(flow, element.value) for element in node.elements)
    if isinstance(node, (cst.ListComp, cst.GeneratorExp)):
        return _is_made(flow, node.elt)
    if isinstance(node, cst.Call):
        return _constructs(flow, node)
    if isinstance(node, cst.Name):
        home = flow.scope.find(node.value)
        bindings = home.names[node.value] if home is flow.scope else ()
        return any(
            binding.kind == "assign"
            and isinstance(binding.node, (cst.Call, cst.ListComp, cst.List))
            and _is_made(flow, binding.node)
            for binding in bindings
        ) or _is_changed(flow, node.value)
    return False


def _constructs(flow: Flow, node: cst.Call) -> bool:
    value = flow.callee_value(node.func)
    if isinstance(value, (Class, Instance)):
        return isinstance(value, Class)
    name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    return isinstance(name, cst.Name) and name.value.lstrip("_")[:1].isupper()


def _is_changed(flow: Flow, name: str) -> bool:
    """Whether the function writes an attribute of an object."""
    return flow.info is not None and any(
        isinstance(target, cst.Attribute)
        and isinstance(target.value, cst.Name)
        and target.value.value == name
        for target in _targets(flow)
    )


def _targets(flow: Flow) -> list[cst.BaseExpression]:
    assert flow.info is not None
    return [
        target.target
        for node in walk(flow.info.node.body)
        if isinstance(node, cst.Assign)
        for target in node.targets
    ]
