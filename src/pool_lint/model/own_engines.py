"""Functions that make an engine or a pool of their own, use it and give it up: at every call.

Nothing says how often such a function runs.  But a private coroutine that several methods of its
class run, and functions that each make the same engine anew, are told what to do, so that each
runs more than once; what they make could be shared.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.command_helpers import serves_commands, uses_of
from pool_lint.model.creations import constant
from pool_lint.model.disposal import has_pool
from pool_lint.model.per_request import Made
from pool_lint.model.repeated import imports, is_dropped, is_plain, runs_once
from pool_lint.syntax.walk import last_word, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

# What works on tables is often a program, and opens an engine for each of its steps.
_BATCHES = ("pandas", "polars", "pyarrow", "petl", "streamlit", "notebook", "tqdm")
_MAX_DEPTH = 4
# What runs a coroutine in an event loop that is its own, where no engine of another can be used.
_LOOPS = frozenset(("run", "run_until_complete"))
# What is asked of the database.
_ASKS = frozenset(
    (*sa.SESSION_METHODS, *sa.CONNECTION_METHODS, *sa.POOL_METHODS, *sa.POOL_CONNECTION_METHODS,
     "filter", "filter_by", "where", "values")
)  # fmt: skip
# What stands for another database with each request, though nobody hands it on.
_OF_REQUEST = re.compile(r"tenant|\b(?:g|request|session)\.").search


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
        text = _text(creation.call)
        if _comes_with_call(creation.call, info) or _OF_REQUEST(text.lower()):
            continue
        if _has_own_loop(info, model, model):
            continue
        made = Made(creation.call, creation, "function", info.name)
        if _is_private_coroutine(info, model):
            yield made
        elif _looks_for(info):
            found.setdefault(text, []).append(made)
    for group in found.values():
        if len({made.name for made in group}) > 1 and not _is_batch(model):
            infos = [made.creation.function for made in group]
            if not any(info is not None and serves_commands(info, model) for info in infos):
                yield from group


def _is_own(creation: Creation, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether a function uses a new engine for a while, and keeps it nowhere."""
    if any(isinstance(node, (cst.While, cst.Yield)) for node in walk(info.node.body)):
        return False
    if constant(creation.keywords.get("isolation_level")) == "AUTOCOMMIT":
        # It works on databases, which nobody does for every request.
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
    return runs_once(model) or imports(model, _BATCHES)


def _has_own_loop(
    info: FunctionInfo, home: ModuleModel, model: ModuleModel, depth: int = _MAX_DEPTH
) -> bool:
    """Whether a coroutine, or one that awaits it, is run in an event loop of its own."""
    for use in uses_of(home, info, model) if info.is_async else ():
        parents = use.model.names.parents
        parent = parents.get(id(use.node))
        runner = parents.get(id(parent)) if isinstance(parent, cst.Arg) else None
        if isinstance(runner, cst.Call) and last_word(runner.func) in _LOOPS:
            return True
        caller = use.caller if depth else None
        if caller is not None and _has_own_loop(caller, use.model, model, depth - 1):
            return True
    return False


def _looks_for(info: FunctionInfo) -> bool:
    """Whether what a function is given says what it asks of the database."""
    return any(
        isinstance(call.func, cst.Attribute)
        and call.func.attr.value in _ASKS
        and any(_is_told(arg.value, info, _MAX_DEPTH) for arg in call.args)
        for call in info.calls
    )


def _is_told(node: cst.CSTNode, info: FunctionInfo, depth: int) -> bool:
    """Whether an expression is made from a parameter, if need be under other names."""
    for inner in walk(node):
        if not isinstance(inner, cst.Name) or inner.value == info.self_name:
            continue
        for binding in info.scope.names.get(inner.value, ()):
            if binding.kind == "parameter":
                return True
            if depth and binding.node is not node and _is_told(binding.node, info, depth - 1):
                return True
    return False


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
