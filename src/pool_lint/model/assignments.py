"""What assignments do: to names, and to the objects that they write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import slow as table
from pool_lint.model import effects
from pool_lint.model.states import TRANSITIONS, UNSEEN_CONDITION
from pool_lint.model.values import UNKNOWN, Group, Origin, Resource, Value

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow


def bind(flow: Flow, target: cst.BaseExpression, value: Value) -> None:
    """A value gets a name or a place."""
    for tell in flow.watch.bound:
        tell(target, value)
    if isinstance(target, cst.Name):
        if value is UNKNOWN or isinstance(value, Origin):
            value = proven(flow, target, value)
        flow.state.bind(target.value, value)
        flow.keep(value, target)
    elif isinstance(target, (cst.Tuple, cst.List)):
        items = value.items if isinstance(value, Group) else ()
        known = len(items) == len(target.elements)
        for index, element in enumerate(target.elements):
            bind(flow, element.value, items[index] if known else UNKNOWN)
    elif isinstance(target, cst.Attribute):
        touch(flow, target.value)
    elif isinstance(target, cst.Subscript):
        flow.value(target.value)


def proven(flow: Flow, target: cst.Name, value: Value) -> Value:
    """Something unknown, under a name whose use proves that it is a session."""
    if flow.info is None or (isinstance(value, Origin) and not may_be_session(value)):
        return value
    found = flow.lookup.evidence(flow.info).get(target.value)
    if found is None or found.kind not in TRANSITIONS:
        return value
    resource = Resource(found.kind, found.is_async, target)
    flow.resources[id(target)] = resource
    flow.state.put(id(target), UNSEEN_CONDITION)
    return resource


def may_be_session(value: Origin) -> bool:
    """Whether an object of another module may be a session for all we know."""
    root = value.path.partition(".")[0]
    return root not in table.TABLE and root not in table.LOCAL_ROOTS


def touch(flow: Flow, node: cst.CSTNode) -> None:
    """``obj.name = value`` on a mapped object begins a transaction again."""
    value = flow.value(node)
    session = getattr(value, "session", None)
    if isinstance(session, Resource):
        effects.apply(flow, session, "add", node)
