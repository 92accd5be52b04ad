"""Sync objects used as if they were async, and the reverse: noted where the flow passes by.

A session whose flavour was only guessed from its use says nothing about a wrong use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model import library_calls
from pool_lint.model.annotations import annotated, depends_on
from pool_lint.model.events import AwaitedPlain, WrongBlock, WrongColour
from pool_lint.model.values import (
    CONNECTION,
    ENGINE,
    FACTORY,
    POOL_CONNECTION,
    RESULT,
    SESSION,
    TRANSACTION,
    UNKNOWN,
    Class,
    Manager,
    Method,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.flow import Flow

_ENTERED = frozenset((SESSION, CONNECTION, POOL_CONNECTION, TRANSACTION))
_COLOURED = frozenset((SESSION, CONNECTION, ENGINE))
# What a sync object waits for the database in.
_WORK = frozenset(("sql", "refresh", "flush", "commit", "open", "open block"))
_BUFFERED = frozenset(("execute", "scalars", "exec", "exec_driver_sql"))
_RESULT_METHODS = frozenset(
    ("scalars", "mappings", "unique", "columns", "tuples", "all", "first", "one", "one_or_none",
     "scalar", "scalar_one", "scalar_one_or_none", "fetchone", "fetchall", "fetchmany", "keys",
     "partitions", "freeze")
)  # fmt: skip


def awaited(flow: Flow, node: cst.Await) -> None:
    """``await`` on what is no coroutine: wrong if it comes from a plain method."""
    call = node.expression
    if not isinstance(call, cst.Call):
        return
    callee = flow.callee(call)
    if not isinstance(callee, Method):
        return
    subject, name = callee.subject, callee.name
    is_plain = _is_plain_result(subject, name) or _is_plain(subject, name)
    if is_plain and is_certain(flow, subject) and not _overrides(flow, subject, name):
        flow.events.plain.setdefault(id(node), AwaitedPlain(node, call, subject, name))


def _is_plain_result(subject: Resource, name: str) -> bool:
    """Whether a method belongs to a result whose rows are there already."""
    made = subject.site
    return (
        subject.kind == RESULT
        and name in _RESULT_METHODS
        and isinstance(made, cst.Call)
        and isinstance(made.func, cst.Attribute)
        and made.func.attr.value in _BUFFERED
    )


def _is_plain(subject: Resource, name: str) -> bool:
    operation = sa.METHODS.get(subject.kind, {}).get(name)
    if operation is None or name in sa.ASYNC_ONLY:
        return False
    if subject.is_async is False:
        return True
    if subject.kind == POOL_CONNECTION and name == "cursor":
        # What it gives can be awaited as well as iterated.
        return False
    return subject.is_async is True and operation.plain and name not in sa.SYNC_ONLY


def entered(flow: Flow, value: Value, node: cst.BaseExpression, block: cst.With) -> None:
    """A ``with``: of the right kind, in a function of the right kind."""
    if isinstance(value, Manager):
        if value.method == library_calls.CLOSING:
            return
        subject, given = value.subject, value.entered
    else:
        subject, given = (value if isinstance(value, Resource) else None), value
    if subject is None or flow.info is None:
        return
    if subject.kind == FACTORY and subject is value:
        if subject.creation is not None:
            _wrong_block(flow, WrongBlock(node, block, subject, "uncalled"))
        return
    flavour = subject.is_async
    if flavour is None or not (isinstance(value, Manager) or subject.kind in _ENTERED):
        return
    if not is_certain(flow, subject):
        return
    inner = given if isinstance(given, Resource) and given.kind in _COLOURED else subject
    is_async = block.asynchronous is not None
    if flavour is not is_async and flow.info.is_async:
        _wrong_block(flow, WrongBlock(node, block, subject, "async" if flavour else "sync"))
    if flavour is not flow.info.is_async and inner.kind in _COLOURED:
        flow.events.coloured(id(inner.site), WrongColour(node, inner, "entered"))


def entered_unseen(
    flow: Flow, subject: Resource, node: cst.BaseExpression, block: cst.With
) -> None:
    """A ``with`` of what only its use proves: the block itself tells that it does not wait."""
    is_async = flow.info is not None and flow.info.is_async
    if block.asynchronous is None and is_async and subject.is_async is False:
        flow.events.coloured(id(subject.site), WrongColour(node, subject, "entered"))


def _wrong_block(flow: Flow, event: WrongBlock) -> None:
    flow.events.wrong_blocks.setdefault(id(event.block), event)


def called(flow: Flow, method: Method, node: cst.Call, result: Value) -> None:
    """A method was called: one that waits stops the event loop, and some are not there at all."""
    subject, name = method.subject, method.name
    if subject.kind not in _COLOURED or flow.info is None:
        return
    if subject.is_async is True:
        if name == "query" and subject.kind == SESSION and is_certain(flow, subject):
            event = WrongColour(node, subject, "query", name)
            flow.events.coloured(id(subject.site), event)
        return
    if not flow.info.is_async or subject.is_async is None or isinstance(result, Manager):
        return
    operation = sa.METHODS[subject.kind].get(name)
    if operation is None or (operation.effect not in _WORK and name != "query"):
        return
    inner = result if isinstance(result, Resource) and subject.kind == ENGINE else subject
    block = _block_of(flow, subject)
    if block is not None:
        flow.events.coloured(id(inner.site), WrongColour(block, inner, "entered"))
    elif is_certain(flow, subject):
        flow.events.coloured(id(inner.site), WrongColour(node, inner, "called", name))


def _block_of(flow: Flow, subject: Resource) -> cst.CSTNode | None:
    """What a plain ``with`` enters for an object that is known by its use alone.

    Were it an async one, neither the block nor the call could work.
    """
    parents = flow.lookup.names.parents
    name = parents.get(id(subject.site)) if isinstance(subject.site, cst.Name) else None
    item = parents.get(id(name)) if isinstance(name, cst.AsName) else None
    block = parents.get(id(item)) if item is not None else None
    if not isinstance(item, cst.WithItem) or not isinstance(block, cst.With):
        return None
    return item.item if block.asynchronous is None else None


def dropped(flow: Flow, subject: Resource) -> None:
    """A coroutine is lost in a plain function, which made the object it belongs to."""
    if flow.info is None or flow.info.is_async or subject.kind not in (SESSION, CONNECTION):
        return
    site = subject.site
    if id(site) in flow.local and isinstance(site, cst.Call) and is_certain(flow, subject):
        flow.events.coloured(id(site), WrongColour(site, subject, "made"))


def run_in_thread(flow: Flow, values: list[Value]) -> None:
    """Somebody hands a session to a function that runs in a thread."""
    for value in values:
        if isinstance(value, Resource):
            flow.events.in_thread(id(value.site))


# -- how much is known ---------------------------------------------------------------------------


def is_certain(flow: Flow, subject: Resource) -> bool:
    """Whether the flavour of an object was declared or seen made, not guessed from its use."""
    if subject.creation is not None:
        return True
    if subject.owner is not None:
        return is_certain(flow, subject.owner)
    site = subject.site
    if isinstance(site, cst.Param):
        return _is_declared(flow, site)
    if isinstance(site, (cst.WithItem, cst.Name, cst.Attribute)):
        return False
    return flow.info is None or site is not flow.info.node


def _is_declared(flow: Flow, param: cst.Param) -> bool:
    scope = flow.scope.owner.scope_at(param)
    lookup = scope.owner.lookup
    provider = depends_on(param, scope, lookup)
    if provider is not None and lookup.provided(provider, param) is not UNKNOWN:
        return True
    if param.annotation is None:
        return False
    return isinstance(annotated(param.annotation.annotation, scope, param, lookup), Resource)


def _overrides(flow: Flow, subject: Resource, name: str) -> bool:
    """Whether a class of the project has a method of its own under this name."""
    return any(_defines(flow, value, name) for value in _classes(flow, subject))


def _classes(flow: Flow, subject: Resource) -> Iterator[Value]:
    site, creation = subject.site, subject.creation
    if isinstance(site, cst.Param) and site.annotation is not None:
        scope = flow.scope.owner.scope_at(site)
        for node in walk(site.annotation.annotation):
            if isinstance(node, cst.Name):
                yield scope.owner.lookup.name(node.value, scope)
    if creation is not None:
        yield creation.scope.owner.lookup.expression(creation.call.func, creation.scope)
        yield creation.keywords.get("class_") or UNKNOWN


def _defines(flow: Flow, value: Value, name: str) -> bool:
    if not isinstance(value, Class):
        return False
    info = value.info
    if info.method(name) is not None or info.outer.kind != "module":
        # Of a class within another, methods may not have been read.
        return True
    return any(
        _defines(flow, info.names.lookup.expression(base, info.outer), name) for base in info.bases
    )
