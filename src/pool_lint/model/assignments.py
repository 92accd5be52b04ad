"""What assignments do: to names, and to the objects that they write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import slow as table
from pool_lint.model import effects
from pool_lint.model.conditions import KINDS
from pool_lint.model.states import UNSEEN_CONDITION
from pool_lint.model.values import (
    GONE,
    UNCERTAIN,
    UNKNOWN,
    Const,
    Entity,
    Given,
    Group,
    Origin,
    Resource,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.flow import Flow


def bind(flow: Flow, target: cst.BaseExpression, value: Value) -> None:
    """A value gets a name or a place."""
    for tell in flow.watch.bound:
        tell(target, value)
    if isinstance(target, cst.Name):
        if value is UNKNOWN or isinstance(value, Origin):
            value = proven(flow, target, value)
        elif isinstance(value, Const) and target.value in flow.scope.foreign:
            # Others may write to it as well.
            value = UNKNOWN
        flow.state.bind(target.value, value)
        flow.keep(value, target)
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element, part in zip(target.elements, parts(target, value), strict=True):
            bind(flow, element.value, part)
    elif isinstance(target, cst.Attribute):
        touch(flow, target.value)
    elif isinstance(target, cst.Subscript):
        flow.value(target.value)
        for item in target.slice:
            flow.value(item.slice)


def given(node: cst.BaseExpression, value: Value) -> Value:
    """What an assignment of ``node`` gives, with what it certainly is where that is a literal."""
    is_word = isinstance(node, cst.Name) and node.value in ("True", "False", "None")
    if isinstance(value, Const) and (is_word or isinstance(node, (cst.Integer, cst.SimpleString))):
        return Given(value.value)
    return value


def parts(target: cst.Tuple | cst.List, value: Value) -> Sequence[Value]:
    """What each element of a target is given; ``*rest`` takes what the others leave."""
    count = len(target.elements)
    items = value.items if isinstance(value, Group) else ()
    starred = [isinstance(element, cst.StarredElement) for element in target.elements]
    if not isinstance(value, Group) or sum(starred) > 1:
        return [UNKNOWN] * count
    if True not in starred:
        return items if len(items) == count else [UNKNOWN] * count
    index = starred.index(True)
    behind = count - index - 1
    if len(items) < count - 1:
        return [UNKNOWN] * count
    end = len(items) - behind
    return [*items[:index], Group(items[index:end]), *items[end:]]


def targets(target: cst.CSTNode) -> list[str]:
    """The names that a target binds."""
    found: list[str] = []
    pending = [target]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.Name):
            found.append(node.value)
        elif isinstance(node, (cst.Tuple, cst.List)):
            pending += [element.value for element in node.elements]
        elif isinstance(node, cst.StarredElement):
            pending.append(node.value)
    return found


def forget(flow: Flow, target: cst.BaseExpression) -> None:
    """``del`` of a name, or of a part of something."""
    if isinstance(target, cst.Name):
        flow.value(target)
        flow.state.bind(target.value, UNKNOWN)
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            forget(flow, element.value)
    elif isinstance(target, (cst.Attribute, cst.Subscript)):
        flow.value(target.value)
        for item in target.slice if isinstance(target, cst.Subscript) else ():
            flow.value(item.slice)


def proven(flow: Flow, target: cst.Name, value: Value) -> Value:
    """Something unknown, under a name whose use proves that it is a session."""
    if flow.info is None or (isinstance(value, Origin) and not may_be_session(value)):
        return value
    found = flow.lookup.evidence(flow.info).get(target.value)
    if found is None or found.kind not in KINDS:
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
    if not isinstance(value, Entity) or value.fate == GONE:
        return
    site = id(value.session.site)
    before = flow.state.condition(site)
    # In a block whose transaction is over nothing can begin.
    flow.may_raise()
    effects.apply(flow, value.session, "add", node)
    if value.fate == UNCERTAIN:
        flow.state.put(site, before.or_else(flow.state.condition(site)))
