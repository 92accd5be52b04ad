"""What functions do with sessions and connections, be it through the functions that they call."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.knowledge.words import LOCK_ENDINGS
from pool_lint.model.analysis import NOTHING
from pool_lint.model.values import (
    CONNECTION,
    POOL_CONNECTION,
    SESSION,
    UNKNOWN,
    Foreign,
    Function,
    Instance,
    Origin,
    Resource,
    Value,
)  # fmt: skip
from pool_lint.model.watching import Watcher
from pool_lint.syntax.walk import dotted, last_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo, Scope
    from pool_lint.model.states import Condition

KINDS = frozenset((SESSION, CONNECTION, POOL_CONNECTION))
# What goes to the database and back.
WORK = frozenset(("sql", "refresh", "flush", "commit", "rollback", "delete", "leave block"))
# Only one at a time, or only some.
LOCK = "lock"
LIMIT = "limit"

_MAX_DEPTH = 6
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
        """Take in one use."""
        if used.is_own:
            self.opened.append(used)
        else:
            self.used.setdefault(id(used.subject.site), []).append(used)


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


def guard_of(node: cst.CSTNode, scope: Scope) -> str:
    """What keeps others out while ``node`` runs: LOCK, LIMIT or nothing."""
    parents = scope.owner.parents
    found = ""
    current = parents.get(id(node))
    while current is not None and not isinstance(current, (cst.FunctionDef, cst.Module)):
        if isinstance(current, cst.With):
            for item in current.items:
                guard = _guard(item.item, scope)
                if guard == LOCK:
                    return LOCK
                found = found or guard
        current = parents.get(id(current))
    return found


def is_limited(info: FunctionInfo) -> bool:
    """Whether a function lets only some of those in who call it, be it for a part of its work."""
    return any(_guard(item.item, info.scope) for block in info.blocks for item in block.items)


def _guard(node: cst.BaseExpression, scope: Scope) -> str:
    named = node.func if isinstance(node, cst.Call) else node
    word = (last_word(named) or "").lower()
    value = scope.owner.lookup.expression(node, scope)
    path = value.path.rpartition(".")[2] if isinstance(value, Origin) else ""
    if not word.endswith(LOCK_ENDINGS) and path not in (
        "Lock()",
        "Semaphore()",
        "CapacityLimiter()",
    ):
        return ""
    # Of a semaphore that nobody sees made, one must be assumed to be enough.
    size = _size(node, scope)
    return LIMIT if size is not None and size > 1 else LOCK


def _size(node: cst.BaseExpression, scope: Scope) -> int | None:
    """How many a semaphore lets in."""
    name = dotted(node)
    home = scope.find(name) if name is not None else None
    if name is None:
        return None
    if home is not None:
        nodes = [binding.node for binding in home.names[name]]
    else:
        nodes = [b.node for b in scope.owner.stored.get(".".join(name.split(".")[-2:]), ())]
    for made in nodes:
        if isinstance(made, cst.Call) and made.args:
            value = made.args[0].value
            if isinstance(value, cst.Integer):
                return value.evaluated_value
            return 2
    return None


def work_of(model: ModuleModel, info: FunctionInfo, above: tuple[int, ...] = ()) -> Work:
    """What a function does with sessions and connections, directly or through others.

    Args:
        model: a model of the project.
        info: the function.
        above: the functions that led here, by identity.
    """
    analysis = model.analysis(info)
    known = analysis.events.noted(Work)
    if known:
        return known[0]
    work = Work()
    for used in analysis.events.noted(Used):
        work.add(used)
    if len(above) < _MAX_DEPTH:
        for call in analysis.events.noted(Called):
            callee = info.names.lookup.known(call.callee)
            if not isinstance(callee, Function):
                _given_to_stranger(call, work, info)
            elif id(callee.info) not in above and callee.info is not info:
                inner = work_of(model, callee.info, (*above, id(info)))
                _take_in(work, inner, callee, call, info)
    if analysis is not NOTHING and not above:
        analysis.events.note("work", work)
    return work


def _given_to_stranger(call: Called, work: Work, info: FunctionInfo) -> None:
    for value in call.values:
        if isinstance(value, Resource) and value.kind in KINDS:
            work.add(Used(value, call.node, False, is_made_in(value, info), call.guard))


def _take_in(work: Work, inner: Work, callee: Function, call: Called, info: FunctionInfo) -> None:
    """What a function that is called does, as the one that calls it knows it."""
    for opened in inner.opened:
        guard = opened.guard or call.guard
        depth = opened.depth + 1
        work.add(Used(opened.subject, call.node, opened.closes, True, guard, depth))
    for uses in inner.used.values():
        for used in uses:
            subject = _as_given(used.subject, callee, call, info)
            if subject is not None:
                guard = used.guard or call.guard
                is_own = is_made_in(subject, info)
                work.add(Used(subject, call.node, used.closes, is_own, guard))


def _as_given(
    subject: Resource, callee: Function, call: Called, info: FunctionInfo
) -> Resource | None:
    param = subject.site
    if not isinstance(param, cst.Param):
        return subject
    if any(own is param for own in callee.info.params):
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
