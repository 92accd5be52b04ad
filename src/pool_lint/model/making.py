"""Whether a call opens something new, or only finds what somebody else keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model.closing import references
from pool_lint.model.values import (
    CONNECTION,
    POOL_CONNECTION,
    SESSION,
    Function,
    Origin,
    Resource,
    seen,
)
from pool_lint.syntax.walk import last_word

if TYPE_CHECKING:
    from pool_lint.model.lookup import Lookup
    from pool_lint.model.names import FunctionInfo

_SCOPED = frozenset((sa.SCOPED, sa.ASYNC_SCOPED))
_DEPTH = 3


def is_new(resource: Resource, lookup: Lookup, depth: int = _DEPTH) -> bool:
    """Whether the call that gives a session or a connection opens it, each time anew.

    Args:
        resource: what the call gives.
        lookup: the names of its module.
        depth: how many functions may lie between the call and the one that opens.
    """
    call, creation = resource.site, resource.creation
    if not isinstance(call, cst.Call):
        return False
    if creation is not None and creation.role in _SCOPED:
        return False
    maker = lookup.known(lookup.expression(call.func, lookup.names.scope_at(call)))
    if isinstance(maker, Function):
        return bool(depth) and _opens(maker.info, depth)
    if isinstance(maker, Origin):
        return sa.role_of(maker.path) is not None and seen(maker) is maker
    if resource.kind == POOL_CONNECTION and last_word(call.func) == "acquire":
        return True
    return creation is not None or resource.owner is not None


def takes_from_pool(session: Resource) -> bool:
    """Whether a session works on an engine: not on a connection that it is given, nor on nothing.

    Args:
        session: a session, or anything else, which does.
    """
    creation = session.creation
    if session.kind != SESSION or creation is None:
        return True
    bind = creation.keywords.get("bind")
    node = creation.keywords.nodes.get("bind")
    if isinstance(session.site, cst.Call):
        given = (one for one in session.site.args if one.keyword and one.keyword.value == "bind")
        node = next(given, node)
    name = last_word(node.value) if node is not None else None
    if isinstance(bind, Resource):
        return bind.kind != CONNECTION
    if name is not None and "conn" in name.lower():
        return False
    is_class = creation.role in (sa.SYNC_SESSION, sa.ASYNC_SESSION)
    return not (is_class and creation.keywords.lacks("bind") and creation.keywords.lacks("binds"))


def _opens(info: FunctionInfo, depth: int) -> bool:
    """Whether a function returns what it has opened, and keeps none of it."""
    if info.is_generator or info.decorators:
        return False
    lookup = info.names.lookup
    given = lookup.returned(info)
    if not isinstance(given, Resource) or not is_new(given, lookup, depth - 1):
        return False
    parents = info.names.parents
    parent = parents.get(id(given.site))
    if isinstance(parent, cst.Await):
        parent = parents.get(id(parent))
    if isinstance(parent, cst.Return):
        return True
    if not isinstance(parent, cst.Assign) or len(parent.targets) != 1:
        return False
    target = parent.targets[0].target
    if not isinstance(target, cst.Name) or target.value in info.scope.foreign:
        return False
    return all(
        isinstance(parents.get(id(use)), (cst.Attribute, cst.Return, cst.AssignTarget))
        for use in references(target.value, info)
    )
