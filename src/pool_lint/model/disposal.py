"""Engines and pools that are made in something that ends, and whether they are closed with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.applications import closes_elsewhere, is_started
from pool_lint.model.closing import Closing, is_certain, references
from pool_lint.model.command_helpers import serves_commands
from pool_lint.model.engines import keeps_connections
from pool_lint.model.locality import is_only_one, only_describes
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

# What is given an engine and does not keep it beyond the function that gives it.
_BORROWERS = frozenset(
    ("create_all", "drop_all", "reflect", "inspect", "isinstance", "print", "read_sql",
     "read_sql_query", "read_sql_table", "to_sql", "configure", "bool")
)  # fmt: skip
_FACTORIES = frozenset(("sessionmaker", "async_sessionmaker"))
_SESSIONS = frozenset(("Session", "AsyncSession"))
_PASSED = (cst.Await, cst.Arg, cst.Element, cst.StarredElement, cst.DictElement)


class Unclosed:
    """An engine or a pool that outlives what made it.

    Attributes:
        creation: the call that makes it.
        function: where that stands.
        name: a name that it has there.
        closings: the calls that close it on some paths.
        is_hook: whether another hook would have to close it.
    """

    __slots__ = ("closings", "creation", "function", "is_hook", "name")

    def __init__(
        self,
        creation: Creation,
        function: FunctionInfo,
        name: str,
        closings: list[cst.Call] | None = None,
        is_hook: bool = False,
    ) -> None:
        self.is_hook = is_hook
        self.creation = creation
        self.function = function
        self.name = name
        self.closings = closings or []


def unclosed(model: ModuleModel) -> Iterator[Unclosed]:
    """The engines and pools of a module that are not closed on every path."""
    for creation in model.creations:
        info = creation.function
        if info is None or not has_pool(creation) or creation.scope.info is not info:
            continue
        if model.is_quiet(creation) or model.is_guarded(creation.call, info):
            continue
        roles = model.roles.of(info)
        if roles & {fw.CACHED} or info.decorator_names & fw.CACHE_DECORATORS:
            continue
        if model.reaches(creation) or _runs_as_program(info, model) or model.way_to(creation):
            continue
        if serves_commands(info, model):
            continue
        if info.is_generator:
            if not (info.decorator_names & fw.MANAGER_DECORATORS or fw.LIFESPAN in roles):
                continue
        elif is_started(info, model):
            yield from _of_hook(creation, info, model)
            continue
        yield from _of_function(creation, info, model)


def _runs_as_program(info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether only the module itself leads to a function, when it is run or imported."""
    seen: set[int] = set()
    pending = [info]
    while pending:
        current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        callers = [caller for caller, _ in model.graph.callers(current)]
        if not callers:
            return False
        pending += [caller for caller in callers if caller is not None]
    return True


def has_pool(creation: Creation) -> bool:
    """Whether what is made keeps connections until it is closed.

    Args:
        creation: an engine or a pool.
    """
    return creation.role == sa.PG_POOL or keeps_connections(creation)


def _targets(creation: Creation, model: ModuleModel) -> list[cst.BaseExpression]:
    """What the new engine is assigned to; nothing where it is not assigned at once."""
    parents = model.names.parents
    parent = parents.get(id(creation.call))
    if isinstance(parent, cst.Await):
        parent = parents.get(id(parent))
    if isinstance(parent, cst.Assign):
        return [target.target for target in parent.targets]
    return [parent.target] if isinstance(parent, cst.AnnAssign) else []


def _of_function(creation: Creation, info: FunctionInfo, model: ModuleModel) -> Iterator[Unclosed]:
    targets = _targets(creation, model)
    if len(targets) != 1:
        return
    holder = Closing(info, model)
    target = targets[0]
    if isinstance(target, cst.Name):
        if target.value in info.scope.foreign or not is_only_one(target.value, creation, info):
            return
        if not stays(target.value, holder):
            return
        if only_describes(target.value, info, model.names):
            return
    elif not info.is_generator or not _is_kept(target, info, model):
        return
    else:
        holder.stored.append(target)
    name = holder.add(target)
    if name is None or holder.is_handed_on(creation.call):
        return
    calls = holder.calls()
    if not is_certain(calls, creation.call, info, model):
        yield Unclosed(creation, info, name, calls)


def stays(name: str, holder: Closing) -> bool:
    """Whether a local engine is used by its function alone, or kept where that looks after it.

    Args:
        name: the engine's.
        holder: knows how the function closes it.
    """
    for node in references(name, holder.info):
        if not _is_harmless(node, holder):
            return False
    return True


def _is_harmless(node: cst.Name, holder: Closing) -> bool:
    info, model = holder.info, holder.model
    parents = model.names.parents
    parent = parents.get(id(node))
    if model.names.scope_at(node) is not info.scope:
        return _in_comprehension(node, holder)
    if isinstance(parent, cst.Attribute):
        if parent.attr.value == "sync_engine":
            outer = parents.get(id(parent))
            parent = outer if isinstance(outer, cst.Attribute) else parent
        called = parents.get(id(parent))
        return parent.attr.value not in ("dispose", "close", "terminate") or (
            isinstance(called, cst.Call) and called.func is parent
        )
    if isinstance(parent, (cst.AssignTarget, cst.AnnAssign)) and parent.target is node:
        return True
    if isinstance(
        parent, (cst.If, cst.Comparison, cst.ComparisonTarget, cst.UnaryOperation, cst.Expr)
    ):
        return True
    if isinstance(parent, cst.Arg):
        call = parents.get(id(parent))
        return isinstance(call, cst.Call) and _borrows(call, node, holder)
    return info.is_generator and _is_stored(node, holder)


def _in_comprehension(node: cst.Name, holder: Closing) -> bool:
    """``[row for row in await pool.fetch(...)]``: a use in place."""
    scope = holder.model.names.scope_at(node)
    attribute = holder.model.names.parents.get(id(node))
    return (
        scope.kind == "comprehension"
        and scope.function is holder.info
        and isinstance(attribute, cst.Attribute)
        and attribute.attr.value not in ("dispose", "close", "terminate")
    )


def _borrows(call: cst.Call, node: cst.Name, holder: Closing) -> bool:
    """Whether a call gives the engine back when it returns, or closes it."""
    word = (dotted(call.func) or "").rpartition(".")[2]
    if word in _BORROWERS:
        return True
    if word in _SESSIONS:
        parent = holder.model.names.parents.get(id(call))
        return isinstance(parent, cst.WithItem) or not _leaves(call, holder)
    if word in _FACTORIES:
        return holder.info.is_generator or not _leaves(call, holder)
    return holder.is_closed_by(call, node)


def _leaves(call: cst.Call, holder: Closing) -> bool:
    """Whether a factory or a session leaves the function that makes it; a local name stays."""
    parents = holder.model.names.parents
    parent = parents.get(id(call))
    if isinstance(parent, cst.Call) and parent.func is call:
        return False
    if not isinstance(parent, cst.Assign) or len(parent.targets) != 1:
        return True
    target = parent.targets[0].target
    if not isinstance(target, cst.Name) or target.value in holder.info.scope.foreign:
        return True
    for node in references(target.value, holder.info):
        use = parents.get(id(node))
        is_called = isinstance(use, cst.Call) and use.func is node
        if not is_called and not isinstance(use, (cst.AssignTarget, cst.Attribute)):
            return True
    return False


def _is_stored(node: cst.CSTNode, holder: Closing) -> bool:
    """Whether a block hands its engine to those inside it: on the application, or by ``yield``."""
    parents = holder.model.names.parents
    current, parent = node, parents.get(id(node))
    while isinstance(parent, (*_PASSED, cst.Tuple, cst.List, cst.Dict)):
        if isinstance(parent, cst.Arg):
            return False
        current, parent = parent, parents.get(id(parent))
    if isinstance(parent, cst.Yield):
        return True
    if isinstance(parent, cst.AnnAssign):
        targets = [parent.target]
    elif isinstance(parent, cst.Assign):
        targets = [target.target for target in parent.targets]
    else:
        return False
    for target in targets:
        if not _is_kept(target, holder.info, holder.model):
            return False
        holder.stored.append(target)
        if current is node:
            holder.add(target)
    return True


def _is_kept(target: cst.BaseExpression, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether something is kept on an object that the function was given, as ``app.state``."""
    root = _root(target)
    if root is None or isinstance(target, cst.Name):
        return False
    return any(binding.kind == "parameter" for binding in info.scope.names.get(root, ())) and (
        root != info.self_name
    )


def _root(node: cst.BaseExpression) -> str | None:
    while isinstance(node, (cst.Attribute, cst.Subscript)):
        node = node.value
    return node.value if isinstance(node, cst.Name) else None


def _of_hook(creation: Creation, info: FunctionInfo, model: ModuleModel) -> Iterator[Unclosed]:
    """What a start-up hook makes is another hook's to close."""
    targets = _targets(creation, model)
    if len(targets) != 1:
        return
    target = targets[0]
    if isinstance(target, cst.Name) and info.scope.foreign.get(target.value) != "global":
        return
    if _root(target) in (None, "self", "cls"):
        return
    name = _last_word(target)
    if name is None or closes_elsewhere(name, model):
        return
    if any(isinstance(node, cst.Name) and node.value == name for node in _handed(info)):
        return
    text = dotted(target) or name
    yield Unclosed(creation, info, text, is_hook=True)


def _handed(info: FunctionInfo) -> Iterator[cst.CSTNode]:
    """What a hook gives to others by itself."""
    for call in info.calls:
        for arg in call.args:
            yield from walk(arg.value)


def _last_word(node: cst.BaseExpression) -> str | None:
    """``pool`` for ``app.state.pool``, ``app["pool"]`` and ``pool``."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        return node.attr.value
    if isinstance(node, cst.Subscript) and len(node.slice) == 1:
        index = node.slice[0].slice
        if isinstance(index, cst.Index) and isinstance(index.value, cst.SimpleString):
            return index.value.raw_value
        if isinstance(index, cst.Index) and isinstance(index.value, cst.Name):
            return index.value.value
    return None
