"""What everybody shares, and what is made of it or done to it for every request."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.in_loops import called_in_loops
from pool_lint.model.reach import Reach
from pool_lint.model.values import ENGINE, POOL, Method, Resource

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo

_ENDS = {ENGINE: ("dispose",), POOL: ("close", "terminate")}


class Ended:
    """An engine or a pool that is closed for every request although others use it.

    Attributes:
        call: what closes it.
        subject: what is closed.
        reach: how the call is reached for every request.
    """

    __slots__ = ("call", "reach", "subject")

    def __init__(self, call: cst.Call, subject: Resource, reach: Reach) -> None:
        self.call = call
        self.subject = subject
        self.reach = reach


def ended_per_request(model: ModuleModel) -> Iterator[Ended]:
    """The calls that close a shared engine or pool for every request."""
    for info in model.names.functions:
        for call in info.calls:
            subject = closed_by(call, info, model)
            if subject is None or not _closes(call, subject, info, model):
                continue
            if not is_shared(subject, info, model) or model.graph.is_quiet(info):
                continue
            for reach in chain(model.graph.per_request(info), _by_loop(info, model)):
                # A plain function that runs coroutines has an event loop of its own for them.
                if not subject.is_async or reach.handler.is_async:
                    yield Ended(call, subject, reach)
                    break


def _by_loop(info: FunctionInfo, model: ModuleModel) -> Iterator[Reach]:
    """How a loop of the module reaches a function."""
    for one in called_in_loops(model, (info,)):
        yield Reach(fw.TASK, info, one.call)


def closed_by(call: cst.Call, info: FunctionInfo, model: ModuleModel) -> Resource | None:
    """The engine or pool that a call closes, if it closes one."""
    func = call.func
    if not isinstance(func, cst.Attribute) or func.attr.value not in ("dispose", *_ENDS[POOL]):
        return None
    value = model.lookup.expression(func, model.names.scope_at(call))
    if not isinstance(value, Method) or value.name not in _ENDS.get(value.subject.kind, ()):
        return None
    return value.subject


def _closes(call: cst.Call, subject: Resource, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether the call runs, closes connections, and does so without an error before it."""
    parent = model.names.parents.get(id(call))
    is_plain = isinstance(call.func, cst.Attribute) and call.func.attr.value == "terminate"
    if subject.is_async and not is_plain and not isinstance(parent, cst.Await):
        return False
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == "close":
            return False
    handler = model.names.enclosing(call, cst.ExceptHandler, cst.FunctionDef)
    return handler is info.node


def is_shared(resource: Resource, info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether an engine or a pool that a function uses is there for others as well."""
    creation = resource.creation
    if creation is None:
        # An annotation alone does not tell whose engine it is, a dependency's does.
        if not isinstance(resource.site, cst.Param):
            return True
        default = resource.site.default
        return isinstance(default, cst.Call) or _is_annotated(resource.site)
    maker = creation.function
    if maker is None:
        return True
    home = model.home_of(maker)
    roles = home.roles.of(maker)
    if maker is info or roles & fw.QUIET:
        return False
    if roles & fw.ONCE:
        return True
    if roles & fw.PER_REQUEST:
        return home.is_guarded(creation.call, maker)
    return all(made.call is not creation.call for made in model.makers.made_by(maker))


def _is_annotated(param: cst.Param) -> bool:
    """``engine: Annotated[AsyncEngine, Depends(get_engine)]``."""
    node = param.annotation.annotation if param.annotation is not None else None
    return isinstance(node, cst.Subscript)
