"""Whose session it is that an object was given: each object has its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.fields import is_given
from pool_lint.model.values import UNKNOWN, Instance, Resource, Value
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.names import Scope


def own(value: Value, base: Instance, node: cst.Attribute, scope: Scope) -> Value:
    """What an attribute is of one object, where its class knows what all objects have there.

    Args:
        value: what the class knows.
        base: the object.
        node: the attribute.
        scope: where it is asked for.

    Returns:
        What the constructor of the object was given; Unknown where the function has two objects of
        the class, and nothing tells their sessions apart.
    """
    if not isinstance(value, Resource) or not is_given(value.site):
        return value
    known = base.arguments.get(id(value.site))
    if isinstance(known, Resource):
        return known
    alike = [one for one in base.given if one.kind == value.kind]
    if len(alike) == 1:
        return alike[0]
    return UNKNOWN if _has_twin(base, node, scope) else value


def _has_twin(base: Instance, node: cst.Attribute, scope: Scope) -> bool:
    """``def copy(source: Shop, target: Shop)``."""
    info = scope.function
    if info is None or not isinstance(node.value, cst.Name) or node.value.value == info.self_name:
        return False
    if info.class_info is base.info:
        return True
    said = {param.name.value: _said(param) for param in info.params}
    own_class = said.get(node.value.value)
    return own_class is not None and list(said.values()).count(own_class) > 1


def _said(param: cst.Param) -> str | None:
    said = param.annotation.annotation if param.annotation is not None else None
    if isinstance(said, cst.SimpleString):
        return str(said.raw_value)
    return dotted(said) if said is not None else None
