"""Engines that one call makes, uses and forgets: no connection in their pools ever grows old."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.closing import references
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from pool_lint.model.creations import Creation
    from pool_lint.model.names import FunctionInfo, Names

_OPENING = frozenset(("connect", "begin", "raw_connection"))
# What tells of an engine without connecting.
_DESCRIBING = frozenset(("dialect", "url", "name", "driver"))
# What uses an engine that it is given, and has forgotten it when it returns.
_USERS = frozenset(("create_all", "drop_all", "reflect", "inspect", "prepare", "read_sql", "print",
                    "read_sql_query", "read_sql_table", "to_sql", "isinstance"))  # fmt: skip
_SESSIONS = frozenset(("Session", "AsyncSession"))


def serves_one_call(creation: Creation) -> bool:
    """Whether an engine is forgotten when the function that makes it ends, or at once.

    Args:
        creation: the engine.

    Returns:
        False where it may be kept, where its function may go on for long, and where that is not
        known.
    """
    names, info = creation.scope.owner, creation.function
    parent = names.parents.get(id(creation.call))
    if isinstance(parent, cst.Attribute):
        return parent.attr.value in _OPENING or parent.attr.value in _DESCRIBING
    if info is None or creation.scope.info is not info or not isinstance(parent, cst.Assign):
        return False
    target = parent.targets[0].target
    if len(parent.targets) != 1 or not isinstance(target, cst.Name):
        return False
    if target.value in info.scope.foreign or len(info.scope.names[target.value]) != 1:
        return False
    if any(isinstance(node, cst.While) for node in walk(info.node.body)):
        return False
    return all(
        node is target or _is_passing(node, info, names) for node in references(target.value, info)
    )


def _is_passing(node: cst.Name, info: FunctionInfo, names: Names) -> bool:
    """Whether a use of the engine is over when the function goes on."""
    parent = names.parents.get(id(node))
    if names.scope_at(node) is not info.scope:
        return False
    if isinstance(parent, cst.Attribute) and parent.value is node:
        # A generator's caller decides how long it stands at its yield.
        return not info.is_generator or parent.attr.value in ("dispose", "dialect", "url")
    if not isinstance(parent, cst.Arg):
        return False
    call = names.parents.get(id(parent))
    if not isinstance(call, cst.Call):
        return False
    word = (dotted(call.func) or "").rpartition(".")[2]
    if word in _SESSIONS and not info.is_generator:
        return isinstance(names.parents.get(id(call)), cst.WithItem)
    return word in _USERS
