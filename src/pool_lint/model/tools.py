"""Objects that a function makes to work with its session: services, repositories, handlers.

What they are given they might close. Where the function closes the session itself, their classes
close nothing and they do not leave the function, they do not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.closing import references
from pool_lint.model.values import Class, Origin
from pool_lint.syntax.walk import dotted

if TYPE_CHECKING:
    from pool_lint.model.names import ClassInfo, FunctionInfo

ENDING = frozenset(("close", "aclose", "release", "remove", "terminate", "close_all"))
# A method that gives its object gives the session with it, and a decorator may close it.
_ENDS = re.compile(
    rf"\.(?:{'|'.join(sorted(ENDING))})\(|__a?exit__|\breturn self[ \t\r]*$"
    r"|\bwith self\.\w+(?:[ \t]+as\b|[ \t]*[:,])"
    r"|^[ \t]*@(?!(?:\w+\.)*(?:property|cached_property|classmethod|staticmethod|abstractmethod|override"
    r"|dataclass|define|frozen|attrs|final|s)\b)",
    re.MULTILINE,
).search
# What a class may descend from that does nothing with a session.
_HARMLESS = frozenset(("abc", "builtins", "typing", "typing_extensions", "pydantic"))
_DEPTH = 4


def is_tool(owner: Class, call: cst.Call, given: cst.BaseExpression, info: FunctionInfo) -> bool:
    """Whether a new object only works with a session that its function closes.

    Args:
        owner: the class of the object.
        call: the call that makes it.
        given: the argument that is the session.
        info: the function.
    """
    if not isinstance(given, cst.Name) or not _closes(given.value, info):
        return False
    return _stays(call, info) and not _ends(owner.info, _DEPTH)


def _closes(name: str, info: FunctionInfo) -> bool:
    parents = info.names.parents
    for node in references(name, info):
        parent = parents.get(id(node))
        if isinstance(parent, cst.Attribute) and parent.attr.value in ENDING:
            return True
    return False


def _stays(call: cst.Call, info: FunctionInfo) -> bool:
    """Whether an object is only asked for its methods, at once or by its name."""
    parents = info.names.parents
    parent = parents.get(id(call))
    if isinstance(parent, cst.Attribute):
        return isinstance(parents.get(id(parent)), cst.Call)
    target = parent.targets[0].target if isinstance(parent, cst.Assign) else None
    if not isinstance(target, cst.Name) or target.value in info.scope.foreign:
        return False
    for node in references(target.value, info):
        around = parents.get(id(node))
        if info.names.scope_at(node) is not info.scope:
            return False
        if isinstance(around, cst.Attribute) and around.value is node:
            if not isinstance(parents.get(id(around)), cst.Call):
                return False
        elif not isinstance(around, cst.AssignTarget):
            return False
    return True


def _ends(info: ClassInfo, depth: int) -> bool:
    """Whether a class, or one that it descends from, may end anything."""
    lookup = info.names.lookup
    if info.more is not None and lookup.rest is not None:
        texts = [part.text for part in lookup.rest.parts_of(info.name)]
    else:
        texts = [cst.Module([]).code_for_node(info.node)]
    if any(_ENDS(text) for text in texts):
        return True
    for base in info.bases:
        inner = base.value if isinstance(base, cst.Subscript) else base
        value = lookup.expression(inner, info.outer)
        if isinstance(value, Class):
            if not depth or _ends(value.info, depth - 1):
                return True
        elif (dotted(inner) or "") != "object" and not (
            isinstance(value, Origin) and value.path.partition(".")[0] in _HARMLESS
        ):
            return True
    return False
