"""What functions do with sessions and connections, be it through the functions that they call."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.knowledge.words import SESSION_PIECES
from pool_lint.model.analysis import NOTHING
from pool_lint.model.conditions import KINDS
from pool_lint.model.fields import is_given
from pool_lint.model.guarding import guard_of
from pool_lint.model.values import (
    UNKNOWN,
    Foreign,
    Function,
    Instance,
    Origin,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.states import Condition

# What goes to the database and back.
WORK = frozenset(("sql", "refresh", "flush", "commit", "rollback", "delete", "leave block"))

_MAX_DEPTH = 6
_NEAR = 2
_BUILTINS = frozenset(dir(builtins))


class Used:
    """A session or connection that a function works with.

    ``closes`` tells that it is ended and nothing else, ``is_own`` that the function made it, and
    ``guard`` whether the place is guarded by a lock or a semaphore, ``depth`` how many functions
    are between.
    """

    __slots__ = ("closes", "depth", "guard", "is_own", "node", "subject")

    def __init__(
        self, subject: Resource, node: cst.CSTNode, closes: bool, is_own: bool, guard: str,
        depth: int = 0,
    ) -> None:  # fmt: skip
        self.subject = subject
        self.node = node
        self.closes = closes
        self.is_own = is_own
        self.guard = guard
        self.depth = depth

    def resembles(self, other: Used) -> bool:
        """Whether another use says the same."""
        alike = (self.closes, self.guard) == (other.closes, other.guard)
        return alike and self.subject.site is other.subject.site


class Called:
    """A function of the project that another one calls."""

    __slots__ = ("callee", "guard", "node", "values")

    def __init__(
        self, callee: Function | Foreign, node: cst.Call, values: Sequence[Value], guard: str
    ) -> None:
        self.callee = callee
        self.node = node
        self.values = values
        self.guard = guard


class Work:
    """All that a function does with sessions and connections.

    Attributes:
        used: those that it did not make, by their site.
        opened: those that it, or what it calls, made.
    """

    __slots__ = ("opened", "used")

    def __init__(self) -> None:
        self.used: dict[int, list[Used]] = {}
        self.opened: list[Used] = []

    def add(self, used: Used) -> None:
        """Take in one use; one of each kind is enough."""
        site = id(used.subject.site)
        places = self.opened if used.is_own else self.used.setdefault(site, [])
        if not any(used.resembles(known) for known in places):
            places.append(used)


class Uses(Watcher):
    """Notes what a function works with."""

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if effect in WORK or effect == "close":
            self._note(subject, node, effect == "close")

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if isinstance(callee, (Function, Foreign)):
            guard = guard_of(node, self.flow.scope)
            self.flow.events.note(id(node), Called(callee, node, tuple(values), guard))
        elif callee is UNKNOWN or (isinstance(callee, Origin) and _may_work(callee.path)):
            if isinstance(node.func, cst.Name) and node.func.value in _BUILTINS:
                return
            for value in values:
                if isinstance(value, Resource) and value.kind in KINDS:
                    self._note(value, node, False)

    def _note(self, subject: Resource, node: cst.CSTNode, closes: bool) -> None:
        site = id(subject.site)
        is_own = is_made_in(subject, self.flow.info)
        used = Used(subject, node, closes, is_own, guard_of(node, self.flow.scope))
        self.flow.events.note((site, closes, used.guard), used)


def is_made_in(subject: Resource, info: FunctionInfo | None) -> bool:
    """Whether a function got a session from nobody: also one that only its use proves."""
    site = subject.site
    if info is None or isinstance(site, cst.Param):
        return False
    return site is info.node or info.names.enclosing(site, cst.FunctionDef) is info.node


def _may_work(path: str) -> bool:
    """Whether a library's function may work with a session that it is given."""
    root = path.partition(".")[0]
    return root not in slow.LOCAL_ROOTS and root not in slow.TABLE


def work_of(model: ModuleModel, info: FunctionInfo) -> Work:
    """What a function does with sessions and connections, directly or through others.

    Args:
        model: a model of the project.
        info: the function.
    """
    return _work_of(model, info, {}, 0)


def _work_of(model: ModuleModel, info: FunctionInfo, met: dict[int, Work], depth: int) -> Work:
    analysis = model.analysis(info)
    known = analysis.events.noted(Work)
    if known:
        return known[0]
    # What calls itself does no more the second time.
    work = met[id(info)] = Work()
    for used in analysis.events.noted(Used):
        work.add(used)
    for call in analysis.events.noted(Called) if depth < _MAX_DEPTH else ():
        callee = _looked_into(call, info, depth)
        if not isinstance(callee, Function):
            _given_to_stranger(call, work, info)
            continue
        inner = met.get(id(callee.info)) or _work_of(model, callee.info, met, depth + 1)
        if inner is not work:
            _take_in(work, inner, callee, call, info)
    if analysis is not NOTHING and depth == 0:
        analysis.events.note("work", work)
    return work


def _looked_into(call: Called, info: FunctionInfo, depth: int) -> Value:
    """What is called, read from its module only if it can matter or is near."""
    if isinstance(call.callee, Function):
        return call.callee
    callee = call.callee
    given = [v for v in call.values if isinstance(v, Resource) and v.kind in KINDS]
    if not given:
        is_read = depth < _NEAR and may_work(callee)
    elif all(is_made_in(value, info) for value in given) and callee.module.bearing.runs_sql(
        callee.part
    ):
        # That it works with a session which the function opens adds nothing to that; but it may
        # open another one.
        is_read = depth < _NEAR and callee.module.hearsay.may_open(callee.part)
    else:
        is_read = True
    return info.names.lookup.known(callee) if is_read else UNKNOWN


def may_work(callee: Value) -> bool:
    """Whether a function that is given no session may work with one: its text tells."""
    if not isinstance(callee, Foreign) or callee.receiver is not None:
        return True
    module, part = callee.module, callee.part
    if part.says(SESSION_PIECES) and (
        module.bearing.runs_sql(part) or next(module.bearing.hands_session_to(part.body), None)
    ):
        return True
    return module.hearsay.may_open(part)


def _given_to_stranger(call: Called, work: Work, info: FunctionInfo) -> None:
    for value in call.values:
        if isinstance(value, Resource) and value.kind in KINDS:
            work.add(Used(value, call.node, False, is_made_in(value, info), call.guard))


def _take_in(work: Work, inner: Work, callee: Function, call: Called, info: FunctionInfo) -> None:
    """What a function that is called does, as the one that calls it knows it."""
    for opened in tuple(inner.opened):
        guard = opened.guard or call.guard
        depth = opened.depth + 1
        work.add(Used(opened.subject, call.node, opened.closes, True, guard, depth))
    for uses in tuple(inner.used.values()):
        for used in tuple(uses):
            subject = _as_given(used.subject, callee, call, info)
            if subject is not None:
                guard = used.guard or call.guard
                is_own = is_made_in(subject, info)
                work.add(Used(subject, call.node, used.closes, is_own, guard))


def _as_given(
    subject: Resource, callee: Function, call: Called, info: FunctionInfo
) -> Resource | None:
    param = subject.site
    if not is_given(param):
        return subject
    if isinstance(param, cst.Param) and any(own is param for own in callee.info.params):
        argument = callee.info.argument_of(param, call.node)
        for arg, value in zip(call.node.args, call.values, strict=True):
            if arg.value is argument:
                return value if isinstance(value, Resource) else _handed_on(subject, arg, info)
        return None
    owner = call.node.func.value if isinstance(call.node.func, cst.Attribute) else None
    if isinstance(owner, cst.Name) and owner.value == info.self_name:
        return subject
    return of_object(subject, callee.receiver)


def _handed_on(subject: Resource, arg: cst.Arg, info: FunctionInfo) -> Resource | None:
    """A parameter of which no more is known than that it is handed on as a session."""
    name = arg.value.value if isinstance(arg.value, cst.Name) else ""
    for param in info.params:
        if param.name.value == name and len(info.scope.names.get(name, ())) == 1:
            return Resource(subject.kind, subject.is_async, param)
    return None


def of_object(subject: Resource, receiver: Value | None) -> Resource | None:
    """What a constructor's parameter is for an object that was seen made."""
    if not isinstance(receiver, Instance):
        return subject
    known = receiver.arguments.get(id(subject.site))
    if known is None:
        alike = [one for one in receiver.given if one.kind == subject.kind]
        known = alike[0] if len(alike) == 1 else None
    return known if isinstance(known, Resource) else None


def is_registry(subject: Resource) -> bool:
    """Whether a session stands for another one in each thread or task."""
    creation = subject.creation
    while subject.owner is not None and creation is None:
        subject = subject.owner
        creation = subject.creation
    return creation is not None and creation.role in (sa.SCOPED, sa.ASYNC_SCOPED)
