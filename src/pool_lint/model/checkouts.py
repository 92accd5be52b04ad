"""Connections that a function takes while it holds another one of the same pool."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.endings import Ended, Reuse
from pool_lint.model.guards import is_first_time
from pool_lint.model.pools import Pool, given_to, pool_of
from pool_lint.model.switches import is_switched_off
from pool_lint.model.values import (
    CONNECTION,
    POOL,
    POOL_CONNECTION,
    SESSION,
    Bundle,
    Coroutine,
    Foreign,
    Function,
    Manager,
    Resource,
    Stream,
    Value,
)
from pool_lint.model.watching import Watcher
from pool_lint.syntax.walk import walk

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.states import Condition

# Through so many functions a checkout is followed.
_DEPTH = 4
_RUNNING = frozenset(
    ("execute", "executemany", "fetch", "fetchrow", "fetchval", "fetchmany", "copy_from_table",
     "copy_from_query", "copy_to_table", "copy_records_to_table")
)  # fmt: skip

# What writes down what was added, and takes a connection for that.
_WRITING = frozenset(("flush", "commit", "leave block"))


class Checkout:
    """A connection that a function takes for itself.

    Attributes:
        pool: where from.
        node: what takes it in this function.
        inner: what takes it in a function that ``node`` calls; None where that is ``node``.
    """

    __slots__ = ("inner", "node", "pool")

    def __init__(self, pool: Pool, node: cst.CSTNode, inner: cst.CSTNode | None = None) -> None:
        self.pool = pool
        self.node = node
        self.inner = inner


class Ran:
    """A function of the project that has run; what it takes is asked only where that matters."""

    __slots__ = ("function", "node")

    def __init__(self, function: Function | Foreign, node: cst.Call) -> None:
        self.function = function
        self.node = node


class Nested:
    """A connection that is taken while another one of the same pool is held.

    Attributes:
        checkout: the second one.
        subject: what holds the first one.
        since: where that was taken.
    """

    __slots__ = ("checkout", "since", "subject")

    def __init__(self, checkout: Checkout, subject: Resource, since: cst.CSTNode) -> None:
        self.checkout = checkout
        self.subject = subject
        self.since = since


class Checkouts(Watcher):
    """Notes what a function takes, and what it holds meanwhile."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._pools: dict[int, Pool | None] = {}

    def created(self, resource: Resource) -> None:
        if resource.kind in (CONNECTION, POOL_CONNECTION):
            self._take(resource, resource.site)

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if subject.kind != SESSION or id(subject.site) not in self.flow.local:
            return
        key = ("to be written", id(subject.site))
        if effect in ("add", "delete"):
            self.flow.state.note(key, effect)
        elif before.may_hold:
            return
        elif after.holds or (effect in _WRITING and "" not in self.flow.state.fact(key)):
            self.flow.state.note(key, "")
            self._take(subject, node)

    def method(self, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
        if subject.kind == POOL and name in _RUNNING:
            self._take(subject, node)

    def called(self, callee: Value, node: cst.Call, values: Sequence[Value], result: Value) -> None:
        if isinstance(callee, (Function, Foreign)) and not isinstance(
            result, (Coroutine, Manager, Stream)
        ):
            self._run(callee, node)

    def awaited(self, value: Value, node: cst.Await) -> None:
        pending = [value]
        while pending:
            one = pending.pop()
            if isinstance(one, Coroutine) and one.function is not None:
                self._run(one.function, one.call)
            elif isinstance(one, Bundle):
                pending += one.items

    def _take(self, subject: Resource, node: cst.CSTNode) -> None:
        pool = self._pool(subject)
        if pool is not None:
            checkout = Checkout(pool, node)
            self.flow.events.note((pool.key, id(node)), checkout)
            self._compare(checkout, {id(subject.site)})

    def _run(self, function: Function | Foreign, node: cst.Call) -> None:
        self.flow.events.note(id(node), Ran(function, node))
        if any(self._held()):
            for checkout in taken_by(Ran(function, node), self.flow.model, _DEPTH, frozenset()):
                self._compare(checkout, self._ended_by(function, node))

    def _held(self) -> Iterator[tuple[Resource, cst.CSTNode, Pool]]:
        for site, condition in self.flow.state.conditions.items():
            resource = self.flow.resources.get(site)
            if resource is not None and condition.holds and condition.since is not None:
                pool = self._pool(resource)
                if pool is not None:
                    yield resource, condition.since, pool

    def _ended_by(self, function: Function | Foreign, node: cst.Call) -> set[int]:
        """What a function is given whose transaction it ends, be it before it takes its own."""
        known = self.flow.lookup.known(function)
        if not isinstance(known, Function):
            return set()
        events = self.flow.summary(known.info).events
        if not events.noted(Ended) and not events.noted(Reuse):
            return set()
        given = (self.flow.callee_value(arg.value) for arg in node.args)
        return {id(value.site) for value in given if isinstance(value, Resource)}

    def _compare(self, checkout: Checkout, spared: set[int]) -> None:
        if self.flow.unwinding:
            return
        for resource, since, pool in self._held():
            # What one call takes of both, it may well take one after the other.
            is_both = since is checkout.node or since is checkout.inner
            if id(resource.site) not in spared and pool.key == checkout.pool.key and not is_both:
                key = (id(since), id(checkout.node))
                self.flow.events.note(key, Nested(checkout, resource, since))

    def _pool(self, subject: Resource) -> Pool | None:
        site = id(subject.site)
        if site not in self._pools:
            known = None if self._is_opened_by_given(subject) else subject
            self._pools[site] = pool_of(known, self.flow.scope) if known is not None else None
        return self._pools[site]

    def _is_opened_by_given(self, subject: Resource) -> bool:
        """``with database.session() as session:`` on an object that the function was given."""
        func = subject.site.func if isinstance(subject.site, cst.Call) else None
        info = self.flow.info
        if subject.kind != SESSION or not isinstance(func, cst.Attribute) or info is None:
            return False
        return isinstance(func.value, cst.Name) and any(
            param.name.value == func.value.value != info.self_name for param in info.params
        )


def taken_by(ran: Ran, model: ModuleModel, depth: int, seen: frozenset[int]) -> Iterator[Checkout]:
    """What a function takes that is called, as its caller knows it."""
    function: Value = ran.function
    if isinstance(function, Foreign):
        if not function.module.hearsay.may_open(function.part):
            return
        function = model.lookup.known(function)
    if not isinstance(function, Function) or id(function.info) in seen or not depth:
        return
    info, call = function.info, ran.node
    if _is_given_instead(info, call):
        return
    scope = model.names.scope_at(call)
    for found in taken_in(info, model.home_of(info), depth, seen | {id(info)}):
        if is_switched_off(found.node, info, call) or is_first_time(
            found.node, info, model.home_of(info).lookup
        ):
            continue
        pool = given_to(found.pool, info, call, scope, model.lookup)
        if pool is not None:
            yield Checkout(pool, call, found.inner or found.node)


def taken_in(
    info: FunctionInfo, model: ModuleModel, depth: int, seen: frozenset[int]
) -> Iterator[Checkout]:
    events = model.analysis(info).events
    yield from events.noted(Checkout)
    for ran in events.noted(Ran):
        yield from taken_by(ran, model, depth - 1, seen)


def _is_given_instead(info: FunctionInfo, call: cst.Call) -> bool:
    """Whether a call gives what the function looks for before it opens something itself.

    ``if session is None:``, ``session or new_session()``.
    """
    given = {
        param.name.value for param in info.params if not _is_none(info.argument_of(param, call))
    }
    if not given:
        return False
    for node in walk(info.node.body):
        test: cst.CSTNode | None = None
        if isinstance(node, (cst.If, cst.IfExp)):
            test = node.test
        elif isinstance(node, cst.BooleanOperation):
            test = node.left
        if isinstance(test, cst.UnaryOperation):
            test = test.expression
        if isinstance(test, cst.Comparison):
            test = test.left
        if isinstance(test, cst.Name) and test.value in given:
            return True
    return False


def _is_none(node: cst.BaseExpression | None) -> bool:
    return node is None or (isinstance(node, cst.Name) and node.value in ("None", "False"))


def nested(model: ModuleModel) -> Iterator[tuple[FunctionInfo, list[Nested]]]:
    """The connections that are taken beside one that is held, by the one that is held."""
    for info, analysis in model.analyses():
        found = analysis.events.noted(Nested)
        if not found or _is_alone(info, model):
            continue
        groups: dict[int, list[Nested]] = {}
        for event in found:
            groups.setdefault(id(event.since), []).append(event)
        for group in groups.values():
            yield info, group


def _is_alone(info: FunctionInfo, model: ModuleModel) -> bool:
    """Whether a function, or one around it, runs once or for somebody who waits for it alone."""
    current: FunctionInfo | None = info
    while current is not None:
        if model.graph.is_quiet(current) or model.roles.of(current) & fw.ONCE:
            return True
        current = current.outer.function
    return False
