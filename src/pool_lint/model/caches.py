"""Caches of the standard library on functions that make what everybody shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.values import ENGINE, FACTORY, POOL, Origin, Resource

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

# They keep what the call returns: for a coroutine function, the coroutine.
_CACHES = frozenset(("functools.lru_cache", "functools.cache", "functools.cached_property"))
_SHARED = frozenset((ENGINE, FACTORY, POOL))


def cached_coroutines(
    model: ModuleModel,
) -> Iterator[tuple[FunctionInfo, cst.BaseExpression, str]]:
    """Coroutine functions that make an engine, a factory or a pool, each with its cache."""
    for info in model.names.functions:
        if not info.is_async or info.is_generator:
            continue
        for decorator in info.decorators:
            target = decorator.func if isinstance(decorator, cst.Call) else decorator
            value = model.lookup.expression(target, info.outer)
            if isinstance(value, Origin) and value.path in _CACHES and _makes(info, model):
                yield info, decorator, value.path.rpartition(".")[2]


def _makes(info: FunctionInfo, model: ModuleModel) -> bool:
    result = model.lookup.returned(info)
    if isinstance(result, Resource) and result.kind in _SHARED:
        return result.creation is not None
    for call in info.calls:
        creation = model.creation_of(call, model.names.scope_at(call))
        if creation is not None and creation.makes_pool:
            return True
    return False
