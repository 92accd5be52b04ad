"""In which condition a session or connection is, as SQLAlchemy itself behaves.

The words are conditions; a set of them says that it depends on the path.  What holds a connection
and what begins or ends a transaction was measured on a real server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.model.layers import GONE, Layers
from pool_lint.model.values import (
    CONNECTION,
    POOL_CONNECTION,
    SESSION,
    UNKNOWN,
    Const,
    Entity,
    Value,
    join,
)  # fmt: skip

if TYPE_CHECKING:
    import libcst as cst

# -- conditions ---------------------------------------------------------------------------------

UNSEEN = "?"  # whatever the caller left
IDLE = "idle"  # no transaction, no connection
BEGUN = "begun"  # a transaction by autobegin, no connection yet
HELD = "held"  # a transaction by autobegin, and its connection
BLOCK = "block"  # inside ``with session.begin()``, no connection yet
BLOCK_PENDING = "block pending"  # the same, and something to be written by the next flush
BLOCK_HELD = "block held"
BLOCK_OVER = "block over"  # committed or rolled back before the block's end
OPEN = "open"  # a connection without a transaction
OPEN_BEGUN = "open begun"
OPEN_BLOCK = "open block"
OPEN_OVER = "open over"
CLOSED = "closed"
OWN = "own"  # a connection that no pool misses

HOLDING = frozenset((HELD, BLOCK_HELD, OPEN, OPEN_BEGUN, OPEN_BLOCK, OPEN_OVER))
# Certainly without a connection, whatever the caller left.
FREE = frozenset((IDLE, BEGUN, BLOCK_OVER, CLOSED))
NOT_HOLDING_YET = frozenset((BLOCK, BLOCK_PENDING))
BEGUN_ALREADY = frozenset((BEGUN, HELD, BLOCK_HELD, OPEN_BEGUN, OPEN_BLOCK)) | NOT_HOLDING_YET

_SQL = {
    UNSEEN: HELD, IDLE: HELD, BEGUN: HELD, CLOSED: HELD, BLOCK: BLOCK_HELD,
    BLOCK_PENDING: BLOCK_HELD,
}  # fmt: skip
_PENDING = {UNSEEN: BEGUN, IDLE: BEGUN, CLOSED: BEGUN, BLOCK: BLOCK_PENDING}
_ENDED = {
    BLOCK: BLOCK_OVER,
    BLOCK_PENDING: BLOCK_OVER,
    BLOCK_HELD: BLOCK_OVER,
    BLOCK_OVER: BLOCK_OVER,
}
_SESSION: dict[str, dict[str, str]] = {
    "sql": _SQL,
    "refresh": _SQL,
    "add": _PENDING,
    "delete": _PENDING,
    "flush": {BEGUN: HELD, BLOCK_PENDING: BLOCK_HELD},
    "commit": {UNSEEN: IDLE, BEGUN: IDLE, HELD: IDLE, CLOSED: IDLE, **_ENDED},
    "rollback": {UNSEEN: IDLE, BEGUN: IDLE, HELD: IDLE, CLOSED: IDLE, **_ENDED},
    "close": dict.fromkeys(
        (UNSEEN, IDLE, BEGUN, HELD, BLOCK, BLOCK_PENDING, BLOCK_HELD, BLOCK_OVER), CLOSED
    ),
    "begin": {UNSEEN: BEGUN, IDLE: BEGUN, CLOSED: BEGUN},
    "begin nested": {IDLE: BEGUN, CLOSED: BEGUN},
    "enter block": {
        UNSEEN: BLOCK, IDLE: BLOCK, CLOSED: BLOCK, BEGUN: BLOCK, HELD: BLOCK_HELD,
    },
    "leave block": dict.fromkeys(
        (UNSEEN, BEGUN, HELD, BLOCK, BLOCK_PENDING, BLOCK_HELD, BLOCK_OVER), IDLE
    ),
}  # fmt: skip
_OPEN_ENDED = {OPEN_BLOCK: OPEN_OVER, OPEN_BEGUN: OPEN, OPEN_OVER: OPEN_OVER}
_CONNECTION: dict[str, dict[str, str]] = {
    "open": dict.fromkeys((UNSEEN, CLOSED), OPEN),
    "sql": {UNSEEN: OPEN_BEGUN, OPEN: OPEN_BEGUN},
    "commit": _OPEN_ENDED,
    "rollback": _OPEN_ENDED,
    "close": dict.fromkeys((UNSEEN, OPEN, OPEN_BEGUN, OPEN_BLOCK, OPEN_OVER), CLOSED),
    "begin": {OPEN: OPEN_BEGUN},
    "begin nested": {OPEN: OPEN_BEGUN},
    "enter block": {OPEN: OPEN_BLOCK, OPEN_BEGUN: OPEN_BLOCK},
    "leave block": dict.fromkeys((OPEN_BLOCK, OPEN_OVER, OPEN_BEGUN), OPEN),
}
_POOL_CONNECTION: dict[str, dict[str, str]] = {
    "sql": {UNSEEN: OPEN},
    # What listens is held for as long as it does.
    "listen": {UNSEEN: OWN, OPEN: OWN},
    "close": dict.fromkeys((UNSEEN, OPEN, OWN, OPEN_BLOCK), CLOSED),
    "enter block": {OWN: OPEN_BLOCK},
    "leave block": {OPEN_BLOCK: OWN},
}
TRANSITIONS = {SESSION: _SESSION, CONNECTION: _CONNECTION, POOL_CONNECTION: _POOL_CONNECTION}


class Condition:
    """The conditions that one resource may be in, and where its connection was taken."""

    __slots__ = ("atoms", "since")

    def __init__(self, atoms: frozenset[str], since: cst.CSTNode | None = None) -> None:
        self.atoms = atoms
        self.since = since

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Condition) and self.atoms == other.atoms and self.since is other.since
        )

    @property
    def may_hold(self) -> bool:
        """Whether a connection is held on some path."""
        return not HOLDING.isdisjoint(self.atoms)

    @property
    def holds(self) -> bool:
        """Whether a connection is held on every path."""
        return HOLDING >= self.atoms

    def after(self, kind: str, effect: str, node: cst.CSTNode) -> Condition:
        """The condition after ``effect`` happened at ``node``."""
        table = TRANSITIONS.get(kind, {}).get(effect)
        if table is None:
            return self
        atoms = frozenset([table.get(atom, atom) for atom in self.atoms])
        if HOLDING.isdisjoint(atoms):
            return Condition(atoms, None)
        return Condition(atoms, self.since if self.may_hold else node)


UNSEEN_CONDITION = Condition(frozenset((UNSEEN,)))
# What a fact is before anybody has said anything: it does not hold.
NO_FACT = frozenset(("",))


class State:
    """What is known at one point of a function: its names, and its resources' conditions.

    ``local`` are the resources that this function makes; every other one was there before it, in
    a condition that nobody has seen.  ``facts`` are the watchers' own, by a key of theirs: words,
    of which each is true on some path that leads here.
    """

    __slots__ = ("changes", "conditions", "env", "facts", "full", "local", "version")

    def __init__(self, local: set[int]) -> None:
        self.local = local
        self.env: Layers[str, Value] = Layers()
        self.conditions: Layers[int, Condition] = Layers()
        self.facts: Layers[tuple[object, ...], frozenset[str]] = Layers()
        # The names of objects that no commit has emptied yet.
        self.full: Layers[str, bool] = Layers()
        self.version = 0
        self.changes = 0

    def copy(self) -> State:
        """A state that can go its own way."""
        twin = self.nameless()
        twin.env = self.env.copy()
        twin.full = self.full.copy()
        return twin

    def nameless(self) -> State:
        """A copy for those who do not ask for names any more."""
        twin = State(self.local)
        twin.conditions = self.conditions.copy()
        twin.facts = self.facts.copy()
        return twin

    def bind(self, name: str, value: Value) -> None:
        """Give a name its value."""
        self.env[name] = value
        if isinstance(value, Entity) and value.expired is None:
            self.full[name] = True
        self.version += 1

    def unbind(self, name: str) -> None:
        """Take a name away."""
        self.env.drop(name)
        self.version += 1

    def condition(self, site: int) -> Condition:
        """The condition of a resource."""
        found: Condition = self.conditions.get(site, UNSEEN_CONDITION)
        return found

    def put(self, site: int, condition: Condition) -> None:
        """Give a resource its condition."""
        self.conditions[site] = condition
        self.version += 1
        self.changes += 1

    def forget(self, site: int) -> None:
        """A resource is not there."""
        if site in self.conditions:
            self.conditions.drop(site)
            self.version += 1
            self.changes += 1

    def fact(self, key: tuple[object, ...]) -> frozenset[str]:
        """What is true of ``key``, on one path or another."""
        found: frozenset[str] = self.facts.get(key, NO_FACT)
        return found

    def note(self, key: tuple[object, ...], word: str) -> None:
        """From here on ``word`` is what is true of ``key``."""
        self.facts[key] = frozenset((word,))
        self.version += 1
        self.changes += 1

    def expire(self, session: int, commit: cst.CSTNode) -> None:
        """A commit empties the objects that a session holds."""
        for name in self.full:
            value = self.env.get(name)
            if not isinstance(value, Entity) or value.expired is not None:
                self.full.drop(name)
            elif id(value.session.site) == session:
                self.full.drop(name)
                self.env[name] = Entity(value.session, commit)

    def same(self, other: State) -> bool:
        """Whether nothing differs."""
        return (
            all(one == its for _, one, its in self.conditions.differences(other.conditions))
            and all(one == its for _, one, its in self.facts.differences(other.facts))
            and all(
                one is not GONE and its is not GONE and one.key == its.key
                for _, one, its in self.env.differences(other.env)
            )
        )


def meet(first: State | None, second: State | None) -> State | None:
    """What is known where two paths meet; None is a path that never gets there."""
    if first is None or second is None or first is second:
        return first if second is None else second
    met = State(first.local)
    met.env = first.env.met(second.env, _met_values, lambda _, value: value)
    met.full = first.full.met(second.full, lambda one, _: one, lambda _, one: one)

    def alone(site: int, condition: Condition) -> Condition:
        return condition if site in met.local else _met_conditions(condition, UNSEEN_CONDITION)

    met.conditions = first.conditions.met(second.conditions, _met_conditions, alone)
    met.facts = first.facts.met(second.facts, frozenset.union, lambda _, words: words | NO_FACT)
    return met


def _met_conditions(one: Condition, other: Condition) -> Condition:
    return Condition(one.atoms | other.atoms, one.since or other.since)


def _met_values(one: Value, other: Value) -> Value:
    """:func:`join`, for which None gives way; of a constant its truth is asked."""
    if isinstance(one, Const) and isinstance(other, Const) and one.key != other.key:
        return UNKNOWN
    return join(one, other)
