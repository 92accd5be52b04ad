"""Transactions that have a name, and objects: what becomes of them when a transaction ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model import operations
from pool_lint.model.conditions import (
    BEGUN,
    CLOSED,
    END,
    ENDED,
    IDLE,
    START,
)
from pool_lint.model.states import Condition
from pool_lint.model.values import (
    DOOMED,
    GONE,
    POOL_CONNECTION,
    TRANSACTION,
    UNCERTAIN,
    Entity,
    Resource,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pool_lint.model.flow import Flow

_LIVE = Condition(frozenset((BEGUN,)))
OVER = Condition(frozenset((IDLE,)))
# From here on no letter is small or capital.
_FIRST_LETTER = 0x4E00
_FATES = {
    "commit": {DOOMED: GONE},
    "leave block": {DOOMED: GONE},
    "rollback": {DOOMED: ""},
    "leave block raised": {DOOMED: ""},
    "leave savepoint raised": {DOOMED: UNCERTAIN},
    "undo savepoint": {DOOMED: UNCERTAIN},
    "undo block savepoint": {DOOMED: UNCERTAIN},
    "close": dict.fromkeys(("", DOOMED, UNCERTAIN), GONE),
}


def begun(flow: Flow, transaction: Value) -> None:
    """A transaction has been begun that may have a name."""
    if not isinstance(transaction, Resource) or transaction.kind != TRANSACTION:
        return
    site = id(transaction.site)
    flow.local.add(site)
    flow.resources[site] = transaction
    flow.state.put(site, _LIVE)


def ended(flow: Flow, owner: Resource, effect: str, before: Condition) -> None:
    """The transactions of a session or connection are over, and its objects share their fate."""
    site = id(owner.site)
    for one in _of(flow, owner):
        flow.state.put(id(one.site), OVER)
    fates = _FATES.get(effect, {})
    if effect == "close":
        # A deletion that was written is taken back, and its object with it.
        written = {atom.pending for atom in before.atoms}
        back = "" if written == {False} else GONE if written == {True} else UNCERTAIN
        fates = {**fates, DOOMED: back}
    flow.state.settle(site, fates)


def undone(flow: Flow, session: Resource, effect: str) -> None:
    """A savepoint is rolled back, which brings back what was deleted since."""
    flow.state.settle(id(session.site), _FATES.get(effect, {}))


def ended_elsewhere(flow: Flow, owner: Resource, pasts: Iterable[str | None]) -> None:
    """A function had a session or connection, and has or may have ended its transactions."""
    seen = set(pasts)
    site = id(owner.site)
    if seen == {""}:
        return
    certain = seen <= {ENDED, CLOSED}
    for one in _of(flow, owner):
        known = flow.state.condition(id(one.site))
        flow.state.put(id(one.site), OVER if certain else known.or_else(OVER))
    fates = {DOOMED: UNCERTAIN}
    if seen == {CLOSED}:
        fates = _FATES["close"]
    elif CLOSED in seen or None in seen:
        fates = {DOOMED: UNCERTAIN, "": UNCERTAIN}
    flow.state.settle(site, fates)


def _of(flow: Flow, owner: Resource) -> list[Resource]:
    return [
        one
        for one in flow.resources.values()
        if one.kind == TRANSACTION and one.owner is not None and one.owner.site is owner.site
    ]


def end_effect(flow: Flow, transaction: Resource, effect: str) -> str:
    """What ``transaction.commit()`` or the like does to its session or connection."""
    word = effect.partition(" ")[0]
    owner = transaction.owner
    if owner is not None and owner.kind == POOL_CONNECTION:
        return (START if word == "start" else END) + letter(flow, transaction.site)
    if word == "start" or not is_savepoint(transaction):
        return "" if word == "start" else word
    block = flow.lookup.names.parents.get(id(transaction.site))
    what = "block savepoint" if isinstance(block, cst.WithItem) else "savepoint"
    return f"{'end' if word == 'commit' else 'undo'} {what}"


def letter(flow: Flow, site: cst.CSTNode) -> str:
    """What stands for a transaction of asyncpg in the blocks of its connection.

    Two of one function have different letters, and those of two functions mostly have.
    """
    number = flow.letters.setdefault(id(site), len(flow.letters)) % 8
    name = flow.info.name if flow.info is not None else ""
    return chr(_FIRST_LETTER + 8 * (sum(map(ord, name)) % 64) + number)


def is_savepoint(transaction: Resource) -> bool:
    """Whether a transaction lies within another, so that its end is not the end of that."""
    site = transaction.site
    func = site.func if isinstance(site, cst.Call) else None
    if not isinstance(site, cst.Call) or not isinstance(func, cst.Attribute):
        return False
    return func.attr.value == "begin_nested" or operations.asks_for_savepoint(site)


def objects_given(flow: Flow, session: Resource, node: cst.Call, name: str) -> None:
    """``add(obj)`` makes ``obj`` the session's, ``delete(obj)`` and ``expunge(obj)`` end that."""
    if name == "expunge_all":
        flow.state.settle(id(session.site), _FATES["close"])
    for arg in node.args[:1]:
        if not isinstance(arg.value, cst.Name):
            continue
        word = arg.value.value
        known = flow.state.env.get(word)
        if name in ("add", "refresh"):
            flow.state.bind(word, Entity(session))
        elif isinstance(known, Entity):
            fate = DOOMED if name == "delete" else GONE
            flow.state.bind(word, Entity(known.session, known.expired, fate))
