"""Attributes that a class only declares: what each of its objects was given when it was made.

Dataclasses, attrs, pydantic and ``NamedTuple`` write the constructor themselves, so that there is
no parameter which the attribute could be traced to. The declaration stands for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.values import Class, Instance, Resource, Value

if TYPE_CHECKING:
    from pool_lint.model.evaluate import Evaluator


def is_given(site: cst.CSTNode) -> bool:
    """Whether what is known by ``site`` came from a caller, if need be by the constructor.

    Args:
        site: where a session or connection of a function comes from.
    """
    return isinstance(site, (cst.Param, cst.AnnAssign))


def arguments(callee: Class, node: cst.Call, evaluator: Evaluator) -> dict[int, Value]:
    """What the fields of a new object stand for, by the identity of their declarations.

    Args:
        callee: a class that has no constructor of its own.
        node: the call that makes the object.
        evaluator: of the values of the arguments.

    Returns:
        The resources among the arguments that are given by name.
    """
    found: dict[int, Value] = {}
    for arg in node.args:
        if arg.keyword is None:
            continue
        value = evaluator.value(arg.value)
        if isinstance(value, (Resource, Instance)):
            field = evaluator.lookup.attribute(callee.info, arg.keyword.value, None)
            if isinstance(field, Resource):
                found[id(field.site)] = value
    return found
