"""What functions return and generators give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.annotations import annotated
from pool_lint.model.bindings import alike
from pool_lint.model.evaluate import merge_records
from pool_lint.model.fields import is_given
from pool_lint.model.values import (
    ENGINE,
    FACTORY,
    POOL,
    UNKNOWN,
    Coroutine,
    Entity,
    Manager,
    Resource,
    Value,
    join_all,
)

if TYPE_CHECKING:
    from pool_lint.model.evaluate import Evaluator
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import FunctionInfo


def returned(info: FunctionInfo, lookup: Lookup) -> Value:
    """What all returns of a function have in common, else what it is declared to return."""
    values = [
        lookup.expression(node.value, lookup.names.scope_at(node))
        for node in info.returns
        if node.value is not None
    ]
    value = merge_records(values) if values else UNKNOWN
    if value is UNKNOWN and len(values) > 1:
        value = alike(values)
    if value is UNKNOWN and info.node.returns is not None:
        value = annotated(info.node.returns.annotation, info.outer, info.node, lookup)
    return value


def yielded(info: FunctionInfo, lookup: Lookup) -> Value:
    """What all yields of a generator have in common, else what it is declared to give."""
    values = [
        lookup.expression(node.value, lookup.names.scope_at(node))
        for node in info.yields
        if node.value is not None and not isinstance(node.value, cst.From)
    ]
    value = join_all(values)
    if value is UNKNOWN and len(values) > 1:
        value = alike(values)
    if value is UNKNOWN and info.node.returns is not None:
        value = annotated(info.node.returns.annotation, info.outer, info.node, lookup)
    return value


def own(value: Value, info: FunctionInfo, node: cst.Call, caller: Evaluator) -> Value:
    """A function's result as its caller has it: a new object for each call, an argument as is."""
    if isinstance(value, Resource) and isinstance(value.site, cst.Param):
        argument = info.argument_of(value.site, node)
        return caller.value(argument) if argument is not None else UNKNOWN
    if isinstance(value, Entity) and is_given(value.session.site):
        # The session is the caller's, who knows it by another name.
        given = isinstance(value.session.site, cst.Param)
        session = own(value.session, info, node, caller) if given else UNKNOWN
        return Entity(session) if isinstance(session, Resource) else UNKNOWN
    return sited(value, node)


def sited(value: Value, site: cst.CSTNode) -> Value:
    """A value as what one call or parameter gives; engines, factories and pools stay the same."""
    if isinstance(value, Resource) and value.kind not in (ENGINE, FACTORY, POOL):
        return Resource(value.kind, value.is_async, site, value.creation, value.owner)
    if isinstance(value, (Coroutine, Manager)):
        return UNKNOWN
    return value
