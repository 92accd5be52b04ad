"""Engines that one call makes, uses and forgets: no connection in their pools ever grows old."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.closing import references
from pool_lint.model.values import Resource
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from pool_lint.model.creations import Creation
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import FunctionInfo, Names

_OPENING = frozenset(("connect", "begin", "raw_connection"))
# What tells of an engine without connecting.
_DESCRIBING = frozenset(("dialect", "url", "name", "driver"))
# What uses an engine that it is given, and has forgotten it when it returns.
_USERS = frozenset(("create_all", "drop_all", "reflect", "inspect", "prepare", "read_sql", "print",
                    "read_sql_query", "read_sql_table", "to_sql", "isinstance"))  # fmt: skip
_SESSIONS = frozenset(("Session", "AsyncSession"))
_ASKING = (cst.If, cst.Assert, cst.Comparison, cst.ComparisonTarget)


def is_given_up(creation: Creation, lookup: Lookup) -> bool:
    """Whether the function that makes an engine disposes of it when it has done its work.

    Where that happens in a handler alone, or the engine is handed on, it is what becomes of an
    engine that does not work; and what is disposed of before is an earlier one.

    Args:
        creation: the engine.
        lookup: the names of the module.
    """
    info = creation.function
    if info is None:
        return False
    names = creation.scope.owner
    target = _local_name(creation, info, is_alone=False)
    if target is not None and any(
        _hands_on(node, names) for node in references(target.value, info)
    ):
        return False
    made = yielded = False
    for node in walk(info.node.body):
        if node is creation.call:
            made = True
        elif isinstance(node, cst.While) and made and _is_endless(node):
            return False
        elif isinstance(node, cst.Yield) and made:
            yielded = True
        elif isinstance(node, cst.Call) and made and not yielded:
            func = node.func
            if not isinstance(func, cst.Attribute) or func.attr.value != "dispose":
                continue
            handler = names.enclosing(node, cst.ExceptHandler, cst.FunctionDef)
            if isinstance(handler, cst.ExceptHandler):
                continue
            if target is not None and dotted(func.value) == target.value:
                return True
            value = lookup.expression(func.value, info.scope)
            if isinstance(value, Resource) and value.site is creation.call:
                return True
    return False


def _is_endless(loop: cst.While) -> bool:
    """``while True:`` without a way out of it is what a service does."""
    is_endless = isinstance(loop.test, (cst.Name, cst.Integer)) and loop.test.value in ("True", "1")
    return is_endless and not any(
        isinstance(node, (cst.Break, cst.Return)) for node in walk(loop.body)
    )


def _hands_on(node: cst.Name, names: Names) -> bool:
    """``return engine`` and ``self._engine = engine``."""
    parent = names.parents.get(id(node))
    if isinstance(parent, cst.Return):
        return True
    if isinstance(parent, cst.AnnAssign):
        return parent.value is node and not isinstance(parent.target, cst.Name)
    return (
        isinstance(parent, cst.Assign)
        and parent.value is node
        and not all(isinstance(target.target, cst.Name) for target in parent.targets)
    )


def is_only_one(name: str, creation: Creation, info: FunctionInfo, is_alone: bool = True) -> bool:
    """Whether a name stands for the new engine alone, or for None before it.

    Args:
        name: a local name.
        creation: the engine.
        info: the function that makes it.
        is_alone: whether another one may not be made by the same function, and called the same.
    """
    for binding in info.scope.names.get(name, ()):
        if binding.kind == "declare":
            continue
        node = binding.node
        if isinstance(node, cst.Await):
            node = node.expression
        is_new = node is creation.call or (
            not is_alone
            and isinstance(node, cst.Call)
            and dotted(node.func) == dotted(creation.call.func)
        )
        if binding.kind != "assign" or not (
            is_new or (isinstance(node, cst.Name) and node.value == "None")
        ):
            return False
    return True


def _local_name(creation: Creation, info: FunctionInfo, is_alone: bool = True) -> cst.Name | None:
    """The local name of a new engine, where nothing but engines is called so."""
    parent = creation.scope.owner.parents.get(id(creation.call))
    if isinstance(parent, cst.AnnAssign):
        target = parent.target
    elif isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        target = parent.targets[0].target
    else:
        return None
    if creation.scope.info is not info or not isinstance(target, cst.Name):
        return None
    if target.value in info.scope.foreign:
        return None
    return target if is_only_one(target.value, creation, info, is_alone) else None


def only_describes(name: str, info: FunctionInfo, names: Names) -> bool:
    """Whether a function asks an engine for its dialect and the like, and never connects.

    Args:
        name: a local name of the engine.
        info: the function.
        names: the names of its module.
    """
    for node in references(name, info):
        parent = names.parents.get(id(node))
        if isinstance(parent, (cst.AssignTarget, cst.AnnAssign)) and parent.target is node:
            continue
        if isinstance(parent, cst.Attribute) and parent.attr.value in _DESCRIBING:
            continue
        return False
    return True


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
    target = _local_name(creation, info) if info is not None else None
    if info is None or target is None:
        return False
    if any(isinstance(node, cst.While) for node in walk(info.node.body)):
        return False
    uses = list(references(target.value, info))
    if info.is_generator and sum(_opens_once(node, info, names) for node in uses) > 1:
        return False
    return all(_is_passing(node, info, names) for node in uses)


def _opens_once(node: cst.Name, info: FunctionInfo, names: Names) -> bool:
    """``with engine.connect() as connection:``, and not again and again."""
    attribute = names.parents.get(id(node))
    if not isinstance(attribute, cst.Attribute) or attribute.attr.value not in _OPENING:
        return False
    call = names.parents.get(id(attribute))
    if not isinstance(call, cst.Call):
        return False
    if not isinstance(names.parents.get(id(call)), cst.WithItem):
        return False
    return names.enclosing(call, cst.For, cst.FunctionDef) is info.node


def _is_passing(node: cst.Name, info: FunctionInfo, names: Names) -> bool:
    """Whether a use of the engine is over when the function goes on."""
    parent = names.parents.get(id(node))
    if names.scope_at(node) is not info.scope:
        return False
    if isinstance(parent, (cst.AssignTarget, cst.AnnAssign)):
        return parent.target is node
    if isinstance(parent, _ASKING):
        return True
    if isinstance(parent, cst.Attribute) and parent.value is node:
        # A generator's caller decides how long it stands at its yield; a connection that is held
        # all the time is never an old one.
        return (
            not info.is_generator
            or parent.attr.value in ("dispose", "dialect", "url")
            or _opens_once(node, info, names)
        )
    if not isinstance(parent, cst.Arg):
        return False
    call = names.parents.get(id(parent))
    if not isinstance(call, cst.Call):
        return False
    word = (dotted(call.func) or "").rpartition(".")[2]
    if word in _SESSIONS and not info.is_generator:
        return isinstance(names.parents.get(id(call)), cst.WithItem)
    return word in _USERS
