"""What calls do to sessions and connections: the flow's dealings with resources."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.model import transactions
from pool_lint.model.conditions import (
    BLOCK,
    END,
    ENDING,
    IDLE,
    KINDS,
    OPEN,
    OPEN_BLOCK,
    OWNED,
    START,
)
from pool_lint.model.creations import constant
from pool_lint.model.events import Begun, HeldDuring, Released, SlowCall
from pool_lint.model.library_calls import CLOSING
from pool_lint.model.states import LOST_CONDITION, UNSEEN_CONDITION, Condition
from pool_lint.model.told_by_outcome import spared
from pool_lint.model.values import (
    CONNECTION,
    ENGINE,
    FACTORY,
    POOL,
    POOL_CONNECTION,
    QUERY,
    SESSION,
    TRANSACTION,
    Coroutine,
    Manager,
    Method,
    Resource,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow

_WITH_OBJECTS = frozenset(("add", "refresh", "delete", "expunge", "expunge_all"))


def create(flow: Flow, resource: Resource) -> None:
    """A session or connection came to be."""
    site = id(resource.site)
    flow.local.add(site)
    flow.resources[site] = resource
    if resource.kind == SESSION:
        flow.state.put(site, Condition(frozenset((IDLE,))))
    elif resource.kind in (CONNECTION, POOL_CONNECTION):
        own = resource.creation is not None and resource.creation.role == sa.PG_CONNECT
        within = resource.owner is not None and resource.owner.kind == SESSION
        atom = OWNED if own or within else OPEN
        since = None if atom is OWNED else resource.site
        flow.state.put(site, Condition(frozenset((atom,)), since))
    for tell in flow.watch.created:
        tell(resource)


def apply(flow: Flow, subject: Resource, effect: str, node: cst.CSTNode) -> None:
    """``effect`` happens to ``subject`` at ``node``."""
    site = id(subject.site)
    before = flow.state.condition(site)
    if subject.kind not in KINDS:
        return
    if subject.kind == POOL_CONNECTION and site not in flow.local and _is_kept(subject):
        return
    flow.resources[site] = subject
    if effect in ("begin", "enter block") and subject.kind != POOL_CONNECTION:
        _report_begin(flow, subject, before, effect, node)
    if effect == "commit" and subject.kind == SESSION and before.may_write:
        # What cannot be written leaves the connection with the session until the rollback.
        flow.state.put(site, before.after(subject.kind, "flush", node))
        flow.may_raise()
    after = before.after(subject.kind, effect, node)
    flow.state.put(site, after)
    for tell in flow.watch.happened:
        tell(subject, effect, node, before, after)
    if before.may_hold and not after.may_hold and before.since is not None:
        flow.events.released(Released(node, subject, before.since))
    if effect in ("commit", "leave block") and expires(subject):
        flow.state.expire(site, node)
    if effect in ENDING:
        transactions.ended(flow, subject, effect, before)
    elif "savepoint" in effect:
        transactions.undone(flow, subject, effect)


def _is_kept(subject: Resource) -> bool:
    """Whether an object keeps a connection, be it of a pool or not, for as long as it likes."""
    if subject.creation is not None and subject.creation.role == sa.PG_CONNECT:
        return True
    return not isinstance(subject.site, (cst.Param, cst.Call))


def expires(session: Resource) -> bool:
    """Whether a commit certainly empties the objects of an async session."""
    return session.is_async is True and empties(session)


def empties(session: Resource) -> bool:
    """Whether a commit certainly empties the objects of a session, which are then read anew."""
    creation = session.creation
    if session.kind != SESSION or creation is None:
        return False
    if creation.role in (sa.SCOPED, sa.ASYNC_SCOPED):
        return False
    keywords = creation.keywords
    return keywords.lacks("expire_on_commit") or constant(keywords.get("expire_on_commit")) is True


def _report_begin(
    flow: Flow, subject: Resource, before: Condition, effect: str, node: cst.CSTNode
) -> None:
    creation = subject.creation
    if creation is not None and constant(creation.keywords.get("autobegin")) is False:
        return
    if before.begun:
        is_block = effect == "enter block"
        flow.events.begun(Begun(node, subject, before.since, before.is_within, is_block, flow.info))
    else:
        flow.events.not_begun(node)


def gives_back_at_any_rate(callee: Value) -> bool:
    """Whether a call gives the connection back even if it fails.

    A session whose ``rollback()`` raises has let its connection go before it does.
    """
    if not isinstance(callee, Method):
        return False
    operation = sa.METHODS.get(callee.subject.kind, {}).get(callee.name)
    if operation is None:
        return False
    if operation.effect == "rollback":
        return callee.subject.kind == SESSION
    return operation.effect in ("close", "release argument")


def method_called(flow: Flow, method: Method, node: cst.Call, result: Value) -> None:
    """A method was called; what waits for ``await`` or ``with`` happens there."""
    subject = method.subject
    if isinstance(result, (Coroutine, Manager)):
        return
    if subject.kind == QUERY:
        if method.name in sa.QUERY_TERMINALS and subject.owner is not None:
            apply(flow, subject.owner, "sql", node)
        return
    run(flow, subject, method.name, node, result)


def run(flow: Flow, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
    """A method takes effect, and those who watch are told."""
    _run(flow, subject, name, node, result)
    for tell in flow.watch.method:
        tell(subject, name, node, result)


def _run(flow: Flow, subject: Resource, name: str, node: cst.CSTNode, result: Value) -> None:
    operation = sa.METHODS.get(subject.kind, {}).get(name)
    if operation is None:
        return
    effect = operation.effect
    if subject.kind == TRANSACTION:
        _end_transaction(flow, subject, effect, node)
        return
    if effect in ("open", "open block") and isinstance(result, Resource):
        create(flow, result)
        if effect == "open block":
            flow.state.put(id(result.site), Condition(frozenset((OPEN_BLOCK,)), result.site))
        return
    if subject.kind == POOL_CONNECTION and effect == "begin":
        # ``transaction()`` begins nothing before it is started or entered.
        return
    if effect == "release argument" and isinstance(node, cst.Call) and node.args:
        released = flow.given(node.args[0].value)
        if isinstance(released, Resource):
            apply(flow, released, "close", node)
        return
    if name in _WITH_OBJECTS and isinstance(node, cst.Call) and subject.kind == SESSION:
        transactions.objects_given(flow, subject, node, name)
    if effect:
        apply(flow, subject, effect, node)


def _end_transaction(flow: Flow, transaction: Resource, effect: str, node: cst.CSTNode) -> None:
    """``transaction.commit()``, ``savepoint.rollback()``, ``transaction.start()``."""
    owner = transaction.owner
    if owner is None:
        return
    known = flow.state.conditions.get(id(transaction.site))
    what = transactions.end_effect(flow, transaction, effect)
    before = flow.state.condition(id(owner.site))
    if effect.startswith("start"):
        if owner.kind == POOL_CONNECTION:
            apply(flow, owner, what, node)
            transactions.begun(flow, transaction)
        return
    if known is not None and known.begun is False:
        # It is over already, and another one may have begun by now.
        return
    apply(flow, owner, what, node)
    if known is not None:
        after = flow.state.condition(id(owner.site))
        if known.begun is None:
            flow.state.put(id(owner.site), before.or_else(after))
        flow.state.put(id(transaction.site), transactions.OVER)


Leave = Callable[[bool], None]


def enter(flow: Flow, value: Value, node: cst.CSTNode) -> Leave | None:
    """``with value``: what happens on entering, and what will on leaving.

    Returns:
        What is to be told at the end of the block whether an exception leaves it; None where
        nothing happens then.
    """
    if isinstance(value, Resource) and value.kind in (SESSION, CONNECTION, POOL_CONNECTION):
        return lambda raised: apply(flow, value, "close", node)
    if isinstance(value, Resource) and value.kind == TRANSACTION and value.owner is not None:
        return _block_of(flow, value, value.owner, node)
    if not isinstance(value, Manager):
        return None
    subject, given = value.subject, value.entered
    if subject is None:
        if isinstance(given, Resource) and given.kind in KINDS:
            create(flow, given)
            if given.kind == SESSION:
                flow.state.put(id(given.site), UNSEEN_CONDITION)
            return lambda raised: apply(flow, given, "close", node)
        return None
    if value.method == CLOSING:
        return lambda raised: apply(flow, subject, "close", node)
    if subject.kind == FACTORY and isinstance(given, Resource):
        create(flow, given)
        flow.state.put(id(given.site), Condition(frozenset((BLOCK,))))
        return lambda raised: _end(flow, given, node)
    if subject.kind in (ENGINE, POOL) and isinstance(given, Resource):
        run(flow, subject, value.method, value.call, given)
        return lambda raised: apply(flow, given, "close", node)
    leave = _block(flow, subject, value.method, value.call, node)
    transactions.begun(flow, given)
    return leave


def close(flow: Flow, resource: Resource, node: cst.CSTNode, raised: bool) -> None:
    """The end of a block that closes what it has given."""
    apply(flow, resource, "close", node)


def leave_object(flow: Flow, entered: Value, node: cst.CSTNode, raised: bool) -> None:
    """The end of a block that an object of the project manages: it gives back what it took."""
    if isinstance(entered, Resource):
        apply(flow, entered, "close", node)
    for site, condition in list(flow.state.conditions.items()):
        resource = flow.resources.get(site)
        if site in flow.local or resource is None or isinstance(resource.site, cst.Param):
            continue
        if condition.may_hold:
            flow.state.put(site, UNSEEN_CONDITION)


def leave_flask_context(flow: Flow, node: cst.CSTNode, raised: bool) -> None:
    """The end of a block in which Flask-SQLAlchemy has one session, which it then removes."""
    for site in list(flow.state.conditions):
        resource = flow.resources.get(site)
        if resource is not None and _is_flasks(resource) and site not in flow.local:
            apply(flow, resource, "close", node)


def _is_flasks(resource: Resource) -> bool:
    """Whether a session is one that nobody has made in sight, and that every mention means."""
    is_mentioned = isinstance(resource.site, (cst.Name, cst.Attribute))
    return resource.kind == SESSION and resource.creation is None and is_mentioned


def _end(flow: Flow, session: Resource, node: cst.CSTNode) -> None:
    apply(flow, session, "leave block", node)
    apply(flow, session, "close", node)


def _block(
    flow: Flow,
    subject: Resource,
    method: str,
    call: cst.CSTNode,
    node: cst.CSTNode,
    begun: str = "",
) -> Leave | None:
    if method not in ("begin_nested", "begin", "transaction"):
        return None
    if subject.kind == POOL_CONNECTION:
        letter = transactions.letter(flow, call)
        apply(flow, subject, START + letter, call)
        return lambda raised: apply(flow, subject, END + letter, node)
    word = "savepoint" if method == "begin_nested" else "block"
    if word == "savepoint" and subject.kind == SESSION and not begun:
        # What is pending is written first, and that may fail.
        apply(flow, subject, "flush", call)
        flow.may_raise()
    apply(flow, subject, f"enter {begun}{word}", call)
    return lambda raised: apply(
        flow, subject, f"leave {word} raised" if raised else f"leave {word}", node
    )


def _block_of(
    flow: Flow, transaction: Resource, owner: Resource, node: cst.CSTNode
) -> Leave | None:
    """``with transaction:``, which one of asyncpg begins and one of SQLAlchemy has begun."""
    if owner.kind == POOL_CONNECTION:
        return _block(flow, owner, "transaction", transaction.site, node)
    method = "begin_nested" if transactions.is_savepoint(transaction) else "begin"
    is_live = flow.state.condition(id(transaction.site)).begun
    if is_live:
        return _block(flow, owner, method, node, node, "begun ")
    if is_live is False:
        # Everything raises until the end of the block, and that changes nothing.
        return None
    return lambda raised: flow.state.put(id(owner.site), LOST_CONDITION)


def await_manager(flow: Flow, manager: Manager) -> None:
    """``await engine.connect()``, ``await session.begin()``: entered without a block."""
    subject = manager.subject
    if subject is None:
        given = manager.entered
        if isinstance(given, Resource) and given.site is manager.call:
            create(flow, given)
        return
    if subject.kind in (ENGINE, POOL):
        run(flow, subject, manager.method, manager.call, manager.entered)
    elif manager.method in ("begin", "begin_nested"):
        effect = "begin" if manager.method == "begin" else "begin nested"
        apply(flow, subject, effect, manager.call)
        transactions.begun(flow, manager.entered)


def slow(flow: Flow, call: SlowCall, given_back: dict[int, Resource] | None = None) -> None:
    """Something waits: note it for every connection that is held meanwhile.

    Args:
        flow: the function.
        call: what waits.
        given_back: what a function that is called has given back before it waits.
    """
    known = flow.slow_calls.setdefault(id(call.node), call)
    quiet, given_back_before = spared(flow, call.node)
    free = {**free_now(flow), **given_back_before, **(given_back or {})}
    if known.free is None:
        known.free = free
    else:
        known.free = {site: one for site, one in known.free.items() if site in free}
    for site, condition in flow.state.conditions.items():
        resource = flow.resources.get(site)
        if resource is None:
            continue
        if site in quiet or (given_back and site in given_back):
            flow.events.not_held(call, resource)
        elif condition.may_hold:
            if not flow.unwinding:
                flow.events.held(HeldDuring(call, resource, condition, False, flow.info))
        elif condition.waits_in_block:
            flow.events.held(HeldDuring(call, resource, condition, True, flow.info))
        else:
            flow.events.not_held(call, resource)


def free_now(flow: Flow) -> dict[int, Resource]:
    """What the function was given and has given back, on every path to this point."""
    return {
        site: flow.resources[site]
        for site, condition in flow.state.conditions.items()
        if site not in flow.local and site in flow.resources and condition.is_given_back
    }
