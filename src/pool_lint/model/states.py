"""In which condition a session or connection is, as SQLAlchemy itself behaves.

The words are conditions; a set of them says that it depends on the path.  What holds a connection
and what begins or ends a transaction was measured on a real server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.model.values import CONNECTION, POOL_CONNECTION, SESSION, Entity, Value, join

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

    __slots__ = ("changes", "conditions", "env", "facts", "local", "version")

    def __init__(
        self,
        local: set[int],
        env: dict[str, Value] | None = None,
        conditions: dict[int, Condition] | None = None,
    ) -> None:
        self.local = local
        self.env: dict[str, Value] = {} if env is None else env
        self.conditions: dict[int, Condition] = {} if conditions is None else conditions
        self.facts: dict[tuple[object, ...], frozenset[str]] = {}
        self.version = 0
        self.changes = 0

    def copy(self) -> State:
        """A state that can go its own way."""
        twin = State(self.local, dict(self.env), dict(self.conditions))
        twin.facts = dict(self.facts)
        return twin

    def bind(self, name: str, value: Value) -> None:
        """Give a name its value."""
        self.env[name] = value
        self.version += 1

    def condition(self, site: int) -> Condition:
        """The condition of a resource."""
        return self.conditions.get(site, UNSEEN_CONDITION)

    def put(self, site: int, condition: Condition) -> None:
        """Give a resource its condition."""
        self.conditions[site] = condition
        self.version += 1
        self.changes += 1

    def fact(self, key: tuple[object, ...]) -> frozenset[str]:
        """What is true of ``key``, on one path or another."""
        return self.facts.get(key, NO_FACT)

    def note(self, key: tuple[object, ...], word: str) -> None:
        """From here on ``word`` is what is true of ``key``."""
        self.facts[key] = frozenset((word,))
        self.version += 1
        self.changes += 1

    def expire(self, session: int, commit: cst.CSTNode) -> None:
        """A commit empties the objects that a session holds."""
        for name, value in self.env.items():
            if not isinstance(value, Entity) or value.expired is not None:
                continue
            if id(value.session.site) == session:
                self.env[name] = Entity(value.session, commit)

    def same(self, other: State) -> bool:
        """Whether nothing differs."""
        if self.conditions != other.conditions or self.env.keys() != other.env.keys():
            return False
        if self.facts != other.facts:
            return False
        return all(
            value is other.env[name] or value.key == other.env[name].key
            for name, value in self.env.items()
        )


def meet(first: State | None, second: State | None) -> State | None:
    """What is known where two paths meet; None is a path that never gets there."""
    if first is None or second is None or first is second:
        return first if second is None else second
    env = dict(first.env)
    for name, value in second.env.items():
        known = env.get(name)
        if known is None:
            env[name] = value
        elif known is not value:
            env[name] = join(known, value)
    conditions = dict(first.conditions)
    for site in {**first.conditions, **second.conditions}:
        one, other = first.conditions.get(site), second.conditions.get(site)
        if one is None or other is None:
            if site in first.local:
                conditions[site] = one or other or UNSEEN_CONDITION
                continue
            one, other = one or UNSEEN_CONDITION, other or UNSEEN_CONDITION
        if one is not other:
            conditions[site] = Condition(one.atoms | other.atoms, one.since or other.since)
    met = State(first.local, env, conditions)
    for key in {**first.facts, **second.facts}:
        met.facts[key] = first.fact(key) | second.fact(key)
    return met
