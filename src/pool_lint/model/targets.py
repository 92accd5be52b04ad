"""What an assignment writes to: names, parts of tuples, attributes of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.names import Binding, ClassInfo
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.names import Names, Scope


def bind_target(names: Names, target: cst.CSTNode, binding: Binding, scope: Scope) -> None:
    """Give what stands left of a ``=`` the binding that is right of it, part by part."""
    if isinstance(target, cst.Name):
        scope.bind(target.value, binding)
    elif isinstance(target, (cst.Tuple, cst.List)):
        for index, element in enumerate(target.elements):
            inner = Binding(
                "item" if binding.kind == "assign" else "other",
                binding.node, binding.scope, index=index,
            )  # fmt: skip
            bind_target(names, element.value, inner, scope)
    elif isinstance(target, cst.Attribute):
        _attribute_target(names, target, binding, scope)


def _attribute_target(names: Names, target: cst.Attribute, binding: Binding, scope: Scope) -> None:
    name = target.attr.value
    owner = target.value
    if isinstance(owner, cst.Name):
        function = scope.function
        while function is not None and function.self_name != owner.value:
            function = function.outer.function
        if function is not None and function.class_info is not None:
            function.class_info.attributes.setdefault(name, []).append(binding)
            return
        home = scope.find(owner.value)
        if home is not None:
            for found in home.names[owner.value]:
                if found.kind == "class" and isinstance(found.scope.info, ClassInfo):
                    found.scope.info.attributes.setdefault(name, []).append(binding)
                    return
    path = dotted(target)
    if path is not None:
        names.stored.setdefault(".".join(path.split(".")[-2:]), []).append(binding)
