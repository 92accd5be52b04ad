"""Functions that each take a new engine from the same factory, run something on it and drop it.

Nothing here says that one of them runs for every request.  But where several functions that are
given what to look for ask a factory for the same engine again and again, it is taken for a getter
of a shared one, and each call leaves a pool behind.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.closing import Closing
from pool_lint.model.disposal import has_pool, stays
from pool_lint.model.keeping import is_kept
from pool_lint.model.per_request import Made, is_factory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pool_lint.model.creations import Creation
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

# What runs each of its functions once, in a process of its own.
_RUNNERS = (
    "airflow", "dagster", "luigi", "prefect", "metaflow", "kfp", "multiprocessing", "concurrent",
    "joblib", "ray", "dask", "pyspark", "multiprocess", "billiard", "argparse", "fire",
)  # fmt: skip
# What takes a connection of the engine that it is called on.
_TAKES = frozenset(("begin", "connect", "execute", "raw_connection"))
_SESSIONS = frozenset(("Session", "AsyncSession", "sessionmaker", "async_sessionmaker"))


def repeated(model: ModuleModel) -> Iterator[Made]:
    """The engines that several functions of a module each get anew.

    Args:
        model: the module.
    """
    if runs_once(model):
        return
    found: dict[int, list[Made]] = {}
    for info in model.names.functions:
        if not is_plain(info, model):
            continue
        for call in info.calls:
            creation = _given(call, info, model)
            if creation is not None and is_dropped(call, info, model):
                made = Made(call, creation, "function", info.name)
                found.setdefault(id(creation.call), []).append(made)
    for group in found.values():
        if len({made.name for made in group}) > 1:
            yield from group


def runs_once(model: ModuleModel) -> bool:
    """Whether a module speaks of what runs each of its functions in a process of its own.

    Args:
        model: the module.
    """
    return imports(model, _RUNNERS)


def imports(model: ModuleModel, roots: Iterable[str]) -> bool:
    """Whether a file imports one of several packages anywhere, in what is not parsed as well.

    Args:
        model: the module.
        roots: the names of the packages.
    """
    words = "|".join(roots)
    first = r"^[ \t]*(?:from|import)[ \t]+(?:[\w.]+[ \t]*,[ \t]*)*"
    return bool(re.search(rf"{first}(?:{words})\b", model.text, re.MULTILINE))


def is_plain(info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether a function is given what to look for, and nothing says how often it runs.

    Args:
        info: the function.
        model: its module.
    """
    if info.is_generator or info.name == "__init__" or info.outer.function is not None:
        return False
    if not any(param.name.value != info.self_name for param in info.params):
        return False
    roles = model.roles.of(info)
    if roles & (fw.PER_REQUEST | fw.ONCE | fw.QUIET) or model.graph.is_quiet(info):
        return False
    # What the file itself calls as it is read runs then, and not when somebody asks for it.
    return all(caller is not None for caller, _ in model.graph.callers(info))


def _given(call: cst.Call, info: FunctionInfo, model: ModuleModel) -> Creation | None:
    """The engine that a call without arguments gets from a factory each time."""
    if call.args or model.is_guarded(call, info):
        return None
    for creation in model.makers.made_at(call, info):
        if has_pool(creation) and is_factory(call, creation, model):
            return creation
    return None


def is_dropped(
    call: cst.Call, info: FunctionInfo, model: ModuleModel, may_close: bool = False
) -> bool:
    """Whether a function runs something on what a call gives, and keeps it nowhere.

    Args:
        call: the call.
        info: the function.
        model: its module.
        may_close: whether it may also dispose of it.
    """
    assigned = model.names.parents.get(id(call))
    if isinstance(assigned, cst.Await):
        assigned = model.names.parents.get(id(assigned))
    if not isinstance(assigned, cst.Assign) or len(assigned.targets) != 1:
        return False
    target = assigned.targets[0].target
    if not isinstance(target, cst.Name) or target.value in info.scope.foreign:
        return False
    if len(info.scope.names.get(target.value, ())) != 1 or is_kept(call, info):
        return False
    holder = Closing(info, model)
    holder.add(target)
    if not stays(target.value, holder) or (holder.calls() and not may_close):
        return False
    return any(_takes(other, target.value) for other in info.calls)


def _takes(call: cst.Call, name: str) -> bool:
    func = call.func
    if isinstance(func, cst.Name) and func.value in _SESSIONS:
        return any(isinstance(arg.value, cst.Name) and arg.value.value == name for arg in call.args)
    return (
        isinstance(func, cst.Attribute)
        and func.attr.value in _TAKES
        and isinstance(func.value, cst.Name)
        and func.value.value == name
    )
