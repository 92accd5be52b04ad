"""What functions do that a function calls: to what they are given, and how long they wait."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge.words import (
    ADDING_WORDS,
    SESSION_ENDINGS,
    STRONG_METHODS,
)
from pool_lint.model import fields, transactions, unproven
from pool_lint.model.closures import belongs_to_outer, inner_called
from pool_lint.model.conditions import (
    BEGUN,
    CLOSED,
    HELD,
    KINDS,
    UNSEEN,
    Atom,
    step,
)
from pool_lint.model.effects import apply, free_now, slow
from pool_lint.model.events import Later, SlowCall
from pool_lint.model.relations import (
    LOST,
    Relation,
    applied,
    composed,
    without,
)
from pool_lint.model.states import Condition
from pool_lint.model.switches import is_switched_off
from pool_lint.model.values import (
    CONNECTION,
    SESSION,
    Foreign,
    Function,
    Instance,
    Resource,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from pool_lint.model.analysis import Analysis
    from pool_lint.model.flow import Flow
    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.syntax.outline import Part

_OWN = re.compile(r"\bself\.(\w+)\.").findall
_NAMED = re.compile(rf"(?:{'|'.join(SESSION_ENDINGS)})\b", re.IGNORECASE).search


def called(flow: Flow, function: Function | Foreign, node: cst.Call) -> None:
    """A function of the project runs: its slow calls and its effects on what it was given."""
    if isinstance(function, Foreign):
        known = _read_for(flow, function, node)
        if known is None:
            for tell in flow.watch.unread:
                tell(function, node)
            return
        function = known
    summary = flow.summary(function.info)
    if _anything_open(flow):
        for inner in summary.slow_calls:
            if not inner.stranger and not is_switched_off(inner.node, function.info, node):
                slow(flow, relayed(inner, node), given_back(flow, function, inner, node))
    else:
        flow.later[id(node)] = Later(function, node, free_now(flow))
    inner_called(flow, function, node)
    for told in flow.watch.running:
        told(function, summary, node)
    if summary.raised:
        before, flow.state = flow.state, flow.state.copy()
        _apply(flow, function, summary, summary.raised, node)
        flow.may_raise()
        flow.state = before
    _apply(flow, function, summary, summary.exits, node)
    for subject in unproven.run(flow, function, node):
        apply(flow, subject, "sql", node)
    for heard in flow.watch.ran:
        heard(function, node)


def _apply(
    flow: Flow, function: Function, summary: Analysis, ends: dict[int, Condition], node: cst.Call
) -> None:
    for site, end in ends.items():
        subject = summary.resources[site]
        given = argument(flow, function, subject, node)
        if isinstance(given, Resource):
            apply_exit(flow, given, end, subject.kind, node)
            for tell in flow.watch.helped:
                tell(given, subject, function, node)


def argument(flow: Flow, function: Function, subject: Resource, node: cst.Call) -> Value | None:
    """What a function knows as ``subject`` is to those who call it."""
    param = subject.site
    if not fields.is_given(param):
        return subject
    if isinstance(param, cst.Param) and belongs_to_outer(function.info, param):
        return subject
    if any(own is param for own in function.info.params) and isinstance(param, cst.Param):
        argument = function.info.argument_of(param, node)
        return flow.callee_value(argument) if argument is not None else None
    if _is_own(flow, node):
        # What the constructor was given is the same for all methods of one object.
        return subject
    receiver = function.receiver
    if not isinstance(receiver, Instance):
        return None
    known = receiver.arguments.get(id(param))
    if known is None:
        # A constructor that is inherited, or that hands on what it is given.
        alike = [one for one in receiver.given if one.kind == subject.kind]
        known = alike[0] if len(alike) == 1 else None
    return known


def _is_own(flow: Flow, node: cst.Call) -> bool:
    """Whether a call is one of another method of the same object."""
    owner = node.func.value if isinstance(node.func, cst.Attribute) else None
    return (
        isinstance(owner, cst.Name) and flow.info is not None and owner.value == flow.info.self_name
    )


def given_back(
    flow: Flow, function: Function, inner: SlowCall, node: cst.Call
) -> dict[int, Resource]:
    """What a function that is called gives back before it waits, as its caller knows it."""
    found: dict[int, Resource] = {}
    for resource in (inner.free or {}).values():
        known = argument(flow, function, resource, node)
        if isinstance(known, Resource):
            found[id(known.site)] = known
    return found


def relayed(inner: SlowCall, node: cst.Call) -> SlowCall:
    """A slow call as seen by the caller of the function that makes it."""
    return SlowCall(node, inner.style, inner.label, inner.stranger, inner.inner or inner.node)


def _anything_open(flow: Flow) -> bool:
    return any(
        atom.is_holding or atom.waits_in_block
        for condition in flow.state.conditions.values()
        for atom in condition.atoms
    )


def _read_for(flow: Flow, foreign: Foreign, node: cst.Call) -> Function | None:
    """Read another module's function only if it can matter here; its text often tells enough."""
    module, part = foreign.module, foreign.part
    given = _given_to(flow, foreign, node)
    waits = module.hearsay.may_wait(part)
    keeps = False
    if _is_own(flow, node) or not given:
        # What it does with a session of its object shows nowhere in the call.
        given += _own_sessions(flow, foreign, node)
    else:
        keeps = module.hearsay.keeps_session(part)
    if not given and not waits:
        return None
    if not given and not _anything_open(flow):
        flow.later[id(node)] = Later(foreign, node, free_now(flow))
        return None
    sql = _runs_sql(module, part) or any(module.bearing.hands_session_to(part.body))
    # Sets have an ``add()`` as well: whether it is a session's is known when it is read.
    is_told = keeps and not waits and (sql or not part.says(ADDING_WORDS))
    known = None if is_told else flow.lookup.known(foreign)
    if isinstance(known, Function):
        return known
    if keeps and sql:
        for subject in given:
            apply(flow, subject, "sql", node)
    return None


def _runs_sql(module: LazyModule, part: Part) -> bool:
    """Whether a function runs statements on what it may be given; ``cache.get()`` is none."""
    if not module.bearing.runs_sql(part):
        return False
    body = part.body
    return _NAMED(body) is not None or any(f".{word}(" in body for word in STRONG_METHODS)


def _own_sessions(flow: Flow, foreign: Foreign, node: cst.Call) -> list[Resource]:
    """The sessions of its own object that a method names.

    One that the constructor of another object was given may be anybody's, under another name.
    """
    is_own = _is_own(flow, node)
    owner = flow.info.class_info if is_own and flow.info is not None else None
    if isinstance(foreign.receiver, Instance):
        owner = foreign.receiver.info
    if owner is None:
        return []
    names = {name for name in _OWN(foreign.part.text) if name.lower().endswith(SESSION_ENDINGS)}
    values = [flow.lookup.attribute(owner, name, None) for name in sorted(names)]
    return [
        v
        for v in values
        if isinstance(v, Resource) and v.kind in KINDS and (is_own or not fields.is_given(v.site))
    ]


def _given_to(flow: Flow, foreign: Foreign, node: cst.Call) -> list[Resource]:
    """The sessions and connections that a function gets, as arguments or by its object."""
    values = [flow.given(arg.value) for arg in node.args]
    if isinstance(foreign.receiver, Instance):
        values += foreign.receiver.given
    return [v for v in values if isinstance(v, Resource) and v.kind in KINDS]


def apply_exit(flow: Flow, subject: Resource, end: Condition, kind: str, node: cst.CSTNode) -> None:
    """What a function did to ``subject``, which it knows as something of ``kind``."""
    site = id(subject.site)
    before = flow.state.condition(site)
    flow.resources[site] = subject
    relation = end.relation if kind == subject.kind else LOST
    after, pasts = met(before, end, relation, subject.kind)
    transactions.ended_elsewhere(flow, subject, pasts)
    since = before.since if before.may_hold else node
    known = Condition(frozenset(after), since, _both(before.relation, relation, subject.kind))
    if before.may_hold and not known.may_hold:
        known.since = None
    flow.state.put(site, known)


def met(
    before: Condition, end: Condition, relation: Relation | None, kind: str
) -> tuple[set[Atom], set[str | None]]:
    """What becomes of a condition in a function.

    Args:
        before: the condition in which something is given to it.
        end: the condition in which it leaves what nobody has seen before.
        relation: what it does to each condition.
        kind: what is given.

    Returns:
        The conditions afterwards, and what has happened in between.
    """
    after: set[Atom] = set()
    pasts: set[str | None] = {""} if relation is None else set()
    for atom in before.atoms:
        found = applied(relation, atom) if relation is not None else frozenset((atom,))
        if found is None:
            pasts.add(None)
            outer = without(atom, relation.own) if relation is not None else atom
            found = frozenset([_told(outer, told, kind) for told in end.atoms])
            if relation is not None and not atom.is_partial and UNSEEN in end.atoms:
                found |= {UNSEEN}
        elif relation is not None:
            pasts |= {one.past for one in found}
        after |= {one._replace(past=None) for one in found}
    if not after:
        # It does not come back from there, or nobody knows how.
        after, pasts = set(before.atoms), {None}
    return after, pasts


def _both(first: Relation | None, second: Relation | None, kind: str) -> Relation | None:
    if second is None:
        return first
    if not second.table or (first is not None and not first.table):
        return LOST
    return composed(first, second, kind)


def _told(before: Atom, after: Atom, kind: str) -> Atom:
    """A condition after a function of which is known in what it leaves what nobody has seen."""
    if before.is_unseen and kind != CONNECTION:
        return after
    if after.is_unseen or (before.life == CLOSED and kind != SESSION):
        return before
    if after.begun is None:
        return before._replace(held=before.held if after.held is None else after.held)
    if after.held is None and after.begun:
        begun = step(kind, "add", before)
        return begun if after.pending else before._replace(begun=True)
    if before.blocks and not after.blocks:
        if after.begun:
            return before._replace(begun=True, held=before.held or after.held)
        return before._replace(begun=False, held=after.held, blocks=before.blocks.lower())
    if kind == CONNECTION and before.held and after in (HELD, BEGUN):
        return before._replace(begun=True)
    return after
