"""Functions that make an engine or a pool of their own, use it and give it up: at every call.

Nothing says how often such a function runs.  But a private coroutine that several methods of its
class run, and functions that each make the same engine anew, are told what to do, so that each
runs more than once; what they make could be shared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.command_helpers import serves_commands
from pool_lint.model.disposal import has_pool
from pool_lint.model.per_request import Made
from pool_lint.model.repeated import is_dropped, is_plain, runs_once
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

# What works on tables is often a program, and opens an engine for each of its steps.
_BATCHES = frozenset(("pandas", "polars", "pyarrow", "petl", "streamlit", "notebook", "tqdm"))
_MAX_DEPTH = 4


def own(model: ModuleModel) -> Iterator[Made]:
    """The engines and pools of a module that functions make for themselves at every call.

    Args:
        model: the module.
    """
    found: dict[str, list[Made]] = {}
    for creation in model.creations:
        info = creation.function
        if info is None or creation.scope.info is not info or not has_pool(creation):
            continue
        if not is_plain(info, model) or not _is_own(creation, info, model):
            continue
        made = Made(creation.call, creation, "function", info.name)
        if _is_private_coroutine(info, model):
            yield made
        elif not _comes_with_call(creation.call, info):
            found.setdefault(_text(creation.call), []).append(made)
    for group in found.values():
        if len({made.name for made in group}) > 1 and not _is_batch(model):
            infos = [made.creation.function for made in group]
            if not any(info is not None and serves_commands(info, model) for info in infos):
                yield from group


def _is_own(creation: Creation, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether a function uses a new engine for a while, and keeps it nowhere."""
    if any(isinstance(node, (cst.While, cst.Yield)) for node in walk(info.node.body)):
        return False
    parent = model.names.parents.get(id(creation.call))
    if creation.role == sa.PG_POOL and isinstance(parent, cst.WithItem):
        return parent.asname is not None
    return is_dropped(creation.call, info, model, may_close=True)


def _is_private_coroutine(info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether several methods of a class run a coroutine of theirs, each told what for."""
    name = info.name
    if not info.is_async or info.class_info is None or not name.startswith("_"):
        return False
    if name.startswith("__") or runs_once(model):
        return False
    callers = [caller for caller, _ in model.graph.callers(info)]
    plain = {id(one) for one in callers if one is not None and is_plain(one, model)}
    return len(plain) == len({id(one) for one in callers}) > 1


def _is_batch(model: ModuleModel) -> bool:
    roots = {path.partition(".")[0] for path in model.names.imports}
    return runs_once(model) or not _BATCHES.isdisjoint(roots)


def _comes_with_call(node: cst.CSTNode, info: FunctionInfo, depth: int = _MAX_DEPTH) -> bool:
    """Whether an expression depends on what the function is given, and not on its object alone."""
    for inner in walk(node):
        if not isinstance(inner, cst.Name) or inner.value not in info.scope.names:
            continue
        for binding in info.scope.names[inner.value]:
            if binding.kind == "parameter":
                if inner.value != info.self_name:
                    return True
            elif binding.kind == "assign":
                if binding.node is node or any(one is node for one in walk(binding.node)):
                    continue
                if not depth or _comes_with_call(binding.node, info, depth - 1):
                    return True
            elif binding.kind not in ("import", "declare"):
                return True
    return False


def _text(call: cst.Call) -> str:
    """How an engine is made, as it is written."""
    return cst.Module([]).code_for_node(
        call.with_changes(whitespace_before_args=cst.SimpleWhitespace(""))
    )
