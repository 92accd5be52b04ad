"""Engines of which it is certain that asyncpg is their driver, and that all share one."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import event_loops as table
from pool_lint.knowledge import frameworks as fw
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.connect_args import driver_of
from pool_lint.model.engine_calls import EngineCall
from pool_lint.model.guards import is_first_time
from pool_lint.model.module import ModuleModel
from pool_lint.model.values import NONE, Record
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from pool_lint.model.creations import Creation
    from pool_lint.settings import Settings

_OTHER = re.compile(rb"\+(?:aiosqlite|aiomysql|asyncmy|psycopg|aioodbc|oracledb)")
# A function that makes an engine and says one of these may make one for each loop.
_APART = re.compile(r"loop|thread|pid\b|ContextVar|context_var")


def is_asyncpg(creation: Creation, settings: Settings) -> bool:
    """Whether the connections of an engine or a pool are certainly asyncpg's.

    Args:
        creation: the call that makes it.
        settings: what the user said.
    """
    if creation.role == sa.PG_POOL:
        return True
    if creation.role != sa.ASYNC_ENGINE or not creation.name.endswith("create_async_engine"):
        return False
    model = home_of(creation, settings)
    engine = EngineCall(creation, model)
    given = creation.keywords.get("connect_args")
    names = set(given.entries) if isinstance(given, Record) else set()
    driver = driver_of(engine, names)
    if driver is not None or engine.scheme is not None:
        return driver == "asyncpg"
    url = creation.keywords.nodes.get("url")
    if url is None:
        return False
    if any(isinstance(n, cst.SimpleString) and "+asyncpg" in n.value for n in walk(url.value)):
        return True
    return _is_defined_so(url.value, model) or _is_required_alone(model)


def home_of(creation: Creation, settings: Settings) -> ModuleModel:
    """The model of the module that a creation stands in."""
    names = creation.scope.owner
    model = getattr(names, "model", None)
    return model if isinstance(model, ModuleModel) else ModuleModel(names.lookup, settings)


def _is_defined_so(node: cst.CSTNode, model: ModuleModel) -> bool:
    """``settings.database_url``, where the file that defines it speaks of asyncpg alone."""
    while isinstance(node, cst.Call) and node.args:
        node = node.args[0].value
    word = (dotted(node) or "").rpartition(".")[2]
    project = model.lookup.project
    texts = project.callers.texts_around(model.lookup.path) if project is not None else None
    if len(word) < 3 or texts is None:
        return False
    defines = re.compile(rf"(?m)^\s*(?:def {word}\(|{word}\s*[:=])".encode())
    data = [texts.data(path) for path in texts.naming({word})]
    found = [one for one in data if defines.search(one)]
    return bool(found) and all(b"+asyncpg" in one and not _OTHER.search(one) for one in found)


def _is_required_alone(model: ModuleModel) -> bool:
    """Whether the project requires asyncpg and no other driver that an async engine may have."""
    project = model.lookup.project
    if project is None:
        return False
    folder = os.path.dirname(model.lookup.path)
    root = project.root_of(folder)
    requires = project.versions.names
    return requires("asyncpg", folder, root) and not any(
        requires(other, folder, root) for other in table.OTHER_DRIVERS
    )


def is_the_only_one(creation: Creation) -> bool:
    """Whether a process has one such engine or pool from beginning to end, and it keeps connections.

    Args:
        creation: the call that makes it.
    """
    keywords = creation.keywords
    if keywords.is_open or "pool" in keywords or creation.pool_class() not in (
        None, "AsyncAdaptedQueuePool", "AsyncAdaptedLifoQueuePool", "FallbackAsyncAdaptedQueuePool",
    ):  # fmt: skip
        return False
    info = creation.function
    if info is None:
        return _is_bound_once(creation)
    lookup = info.names.lookup
    if _APART.search(cst.Module(body=[info.node]).code):
        return False
    if not info.decorator_names.isdisjoint(fw.CACHE_DECORATORS):
        return not info.params
    return is_first_time(creation.call, info, lookup) and _is_bound_once(creation)


def _is_bound_once(creation: Creation) -> bool:
    """Whether the name that it gets is given to nothing else, but for None at the beginning."""
    names = creation.scope.owner
    parent = names.parents.get(id(creation.call))
    if isinstance(parent, cst.Await):
        parent = names.parents.get(id(parent))
    target: cst.CSTNode | None = None
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        target = parent.targets[0].target
    elif isinstance(parent, cst.AnnAssign):
        target = parent.target
    if not isinstance(target, cst.Name):
        return creation.function is None and not isinstance(parent, cst.Await)
    made = (creation.call, names.parents.get(id(creation.call)))
    return all(
        one.kind == "declare"
        or any(one.node is node for node in made)
        or (one.scope is names.module and names.lookup.binding(one) is NONE)
        for one in names.module.names.get(target.value, ())
    )
