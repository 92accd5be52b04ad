"""What a function does to what it is given, whatever condition that is in."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pool_lint.model.conditions import (
    BEGUN,
    CALLERS,
    CLOSED,
    HELD,
    IDLE,
    OPEN,
    OWN,
    Atom,
    later,
    step,
)
from pool_lint.model.values import POOL_CONNECTION, SESSION


class Relation(NamedTuple):
    """What becomes of each condition; without any entry nobody knows.

    Attributes:
        table: the conditions afterwards, by the one before.
        own: the blocks of its own that were open before; only a context manager that goes on
            behind its ``yield`` has any.
    """

    table: dict[Atom, frozenset[Atom]]
    own: str = ""


# It was given to something that cannot be seen.
LOST = Relation({})
_CALLER_OVER = CALLERS.lower()


@cache
def identity(kind: str, own: str = "") -> Relation:
    """Nothing has been done yet.

    Args:
        kind: of what nothing has been done to.
        own: the blocks that it is in, without the caller's.
    """
    entries = set()
    for outer in ("", CALLERS, _CALLER_OVER):
        for inner in {own, own.lower()} if kind != POOL_CONNECTION else {own}:
            blocks = outer + inner
            over = blocks[-1:].islower() or (outer == _CALLER_OVER and inner != inner.lower())
            entries |= {atom._replace(blocks=blocks) for atom in _plain(kind, blocks, over)}
            if not blocks or over:
                entries.add(Atom(False, False, False, blocks, CLOSED))
    table = {atom: frozenset((atom._replace(past=""),)) for atom in entries}
    return Relation(table, own)


def _plain(kind: str, blocks: str, over: bool) -> tuple[Atom, ...]:
    """The conditions that are possible in some blocks."""
    begun: tuple[Atom, ...]
    if kind == SESSION:
        free, begun = IDLE, (BEGUN, HELD, Atom(True, False, True))
    else:
        free, begun = OPEN, (HELD,)
    # Where only a savepoint is over, the transaction around it is not.
    return begun if blocks and not over else (free, *begun)


def further(kind: str, relation: Relation | None, effect: str) -> Relation:
    """A relation (None: nothing has been done yet) after one thing more."""
    if relation is None:
        relation = identity(kind)
    table = {
        entry: frozenset([step(kind, effect, atom) for atom in atoms])
        for entry, atoms in relation.table.items()
    }
    return Relation(table, relation.own)


def either(first: Relation | None, second: Relation | None) -> Relation | None:
    """What one of two paths does."""
    if first is second:
        return first
    if first is None:
        first, second = second, first
    assert first is not None
    if not first.table or (second is not None and first.own != second.own):
        return LOST
    if second is None:
        table = {entry: atoms | {entry._replace(past="")} for entry, atoms in first.table.items()}
    elif first.table.keys() != second.table.keys():
        return LOST
    else:
        table = {entry: atoms | second.table[entry] for entry, atoms in first.table.items()}
    return Relation(table, first.own)


def applied(relation: Relation, atom: Atom) -> frozenset[Atom] | None:
    """What becomes of a condition, with its past; None where the relation does not say."""
    own = relation.own
    at = len(atom.blocks) - len(own)
    inner = atom.blocks[at:] if at >= 0 else ""
    if own and inner not in (own, own.lower()):
        # What was begun within it, and not ended, ends with it.
        at, inner = atom.blocks.rfind(own), own
    if atom.is_partial or atom.life == OWN or at < 0:
        return None
    outer = atom.blocks[:at]
    # Where an outer block is over, the inner ones are; and all are of what is closed.
    over = atom.life == CLOSED or any(letter.islower() for letter in outer)
    callers = "" if not outer else _CALLER_OVER if over else CALLERS
    key = atom._replace(blocks=callers + inner, past=None)
    found = relation.table.get(key)
    if found is None and atom.life == CLOSED:
        found = relation.table.get(key._replace(life=""))
    if found is None:
        return None
    return frozenset([_rejoined(outer, callers, one) for one in found])


def without(atom: Atom, own: str) -> Atom:
    """A condition without some blocks, and without those in them."""
    at = max(atom.blocks.rfind(own), atom.blocks.rfind(own.lower())) if own else -1
    return atom if at < 0 else atom._replace(blocks=atom.blocks[:at])


def _rejoined(outer: str, callers: str, after: Atom) -> Atom:
    """A result within the blocks that the caller is in."""
    if not outer:
        return after
    kept = outer if after.blocks[:1] == callers else outer.lower()
    return after._replace(blocks=kept + after.blocks[1:])


def composed(first: Relation | None, second: Relation, kind: str) -> Relation:
    """One after the other."""
    first = identity(kind) if first is None else first
    table: dict[Atom, frozenset[Atom]] = {}
    for entry, atoms in first.table.items():
        after: set[Atom] = set()
        for atom in atoms:
            found = applied(second, atom)
            if found is None:
                return LOST
            after |= {one._replace(past=later(atom.past, one.past)) for one in found}
        table[entry] = frozenset(after)
    return Relation(table, first.own)
