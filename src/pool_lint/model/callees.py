"""What functions do that a function calls: to what they are given, and how long they wait."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge.words import (
    ADDING_WORDS,
    SESSION_ENDINGS,
)
from pool_lint.model.closures import belongs_to_outer, inner_called
from pool_lint.model.effects import WITHIN, apply, free_now, slow
from pool_lint.model.events import Later, SlowCall
from pool_lint.model.states import (
    BEGUN,
    BLOCK_HELD,
    BLOCK_OVER,
    HELD,
    IDLE,
    NOT_HOLDING_YET,
    OPEN_BEGUN,
    OPEN_BLOCK,
    TRANSITIONS,
    UNSEEN,
    Condition,
)  # fmt: skip
from pool_lint.model.switches import is_switched_off
from pool_lint.model.values import (
    CONNECTION,
    Foreign,
    Function,
    Instance,
    Resource,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow

_OWN = re.compile(r"\bself\.(\w+)\.").findall
_INTO_BLOCK = {HELD: BLOCK_HELD, IDLE: BLOCK_OVER}


def called(flow: Flow, function: Function | Foreign, node: cst.Call) -> None:
    """A function of the project runs: its slow calls and its effects on what it was given."""
    if isinstance(function, Foreign):
        known = _read_for(flow, function, node)
        if known is None:
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
    for site, atoms in summary.exits.items():
        subject = summary.resources[site]
        given = _argument(flow, function, subject, node)
        if isinstance(given, Resource):
            _apply_exit(flow, given, atoms, node)


def _argument(flow: Flow, function: Function, subject: Resource, node: cst.Call) -> Value | None:
    """What a function knows as ``subject`` is to those who call it."""
    param = subject.site
    if not isinstance(param, cst.Param):
        return subject
    if belongs_to_outer(function.info, param):
        return subject
    if any(own is param for own in function.info.params):
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
        known = _argument(flow, function, resource, node)
        if isinstance(known, Resource):
            found[id(known.site)] = known
    return found


def relayed(inner: SlowCall, node: cst.Call) -> SlowCall:
    """A slow call as seen by the caller of the function that makes it."""
    return SlowCall(node, inner.style, inner.label, inner.stranger, inner.inner or inner.node)


def _anything_open(flow: Flow) -> bool:
    return any(
        condition.may_hold or not NOT_HOLDING_YET.isdisjoint(condition.atoms)
        for condition in flow.state.conditions.values()
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
    sql = module.runs_sql(part) or any(module.hands_session_to(part.body))
    # Sets have an ``add()`` as well: whether it is a session's is known when it is read.
    is_told = keeps and not waits and (sql or not part.says(ADDING_WORDS))
    known = None if is_told else flow.lookup.known(foreign)
    if isinstance(known, Function):
        return known
    if keeps and sql:
        for subject in given:
            apply(flow, subject, "sql", node)
    return None


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
        if isinstance(v, Resource)
        and v.kind in TRANSITIONS
        and (is_own or not isinstance(v.site, cst.Param))
    ]


def _given_to(flow: Flow, foreign: Foreign, node: cst.Call) -> list[Resource]:
    """The sessions and connections that a function gets, as arguments or by its object."""
    values = [flow.given(arg.value) for arg in node.args]
    if isinstance(foreign.receiver, Instance):
        values += foreign.receiver.given
    return [v for v in values if isinstance(v, Resource) and v.kind in TRANSITIONS]


def _apply_exit(flow: Flow, subject: Resource, atoms: frozenset[str], node: cst.CSTNode) -> None:
    site = id(subject.site)
    before = flow.state.condition(site)
    flow.resources[site] = subject
    after: set[str] = set()
    for atom in atoms:
        if atom == UNSEEN:
            after |= before.atoms
        elif atom == BEGUN:
            after |= before.after(subject.kind, "add", node).atoms
        elif subject.kind == CONNECTION and OPEN_BLOCK in before.atoms and atom in _INTO_BLOCK:
            after |= before.atoms
        elif before.atoms & WITHIN and atom in _INTO_BLOCK:
            after.add(_INTO_BLOCK[atom])
        elif subject.kind == CONNECTION and atom in (HELD, IDLE):
            after.add(OPEN_BEGUN)
        else:
            after.add(atom)
    flow.state.put(site, Condition(frozenset(after), before.since or node))
