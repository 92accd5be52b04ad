"""What is known at one point of a function: its names, and the conditions of its resources."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from pool_lint.model.conditions import (
    CLOSED,
    KINDS,
    OWN,
    UNSEEN,
    Atom,
    step,
)
from pool_lint.model.layers import GONE, Layers
from pool_lint.model.relations import (
    LOST,
    Relation,
    either,
    further,
    identity,
)
from pool_lint.model.values import DOOMED, UNKNOWN, Const, Entity, Value, join
from pool_lint.model.values import GONE as GONE_FOR_GOOD

if TYPE_CHECKING:
    from collections.abc import Callable

    import libcst as cst

    # What an atom of a kind may be where a question has got an answer.
    Narrow = Callable[[str, Atom, bool], tuple[Atom, ...]]

_Item = TypeVar("_Item")


class Condition:
    """The conditions that one resource may be in, one for each path.

    Attributes:
        atoms: the conditions, as far as this function shows them.
        since: where the connection was taken.
        relation: for what a caller gave, what has become of each condition that it may have been
            given in; None where nothing has been done to it.
    """

    __slots__ = ("atoms", "relation", "since")

    def __init__(
        self,
        atoms: frozenset[Atom],
        since: cst.CSTNode | None = None,
        relation: Relation | None = LOST,
    ) -> None:
        self.atoms = atoms
        self.since = since
        self.relation = relation

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Condition)
            and self.atoms == other.atoms
            and self.since is other.since
            and self.relation == other.relation
        )

    @property
    def may_hold(self) -> bool:
        """Whether a connection is held on some path."""
        return _holding(self.atoms)[0]

    @property
    def holds(self) -> bool:
        """Whether a connection is held on every path."""
        return _holding(self.atoms)[1]

    @property
    def never_holds(self) -> bool:
        """Whether no connection is held on any path."""
        return all(atom.held is False for atom in self.atoms)

    @property
    def is_given_back(self) -> bool:
        """Whether there is certainly no connection, and none is to come in a block."""
        return all(atom.is_given_back for atom in self.atoms)

    @property
    def waits_in_block(self) -> bool:
        """Whether it is in a ``begin()`` block on every path and has no connection yet."""
        return bool(self.atoms) and all(atom.waits_in_block for atom in self.atoms)

    @property
    def is_within(self) -> bool:
        """Whether it is in a ``begin()`` block on every path."""
        return bool(self.atoms) and all(atom.is_within for atom in self.atoms)

    @property
    def may_be_out(self) -> bool:
        """Whether there is a connection on some path, be it one that no pool misses."""
        return any(atom.is_holding or atom.life == OWN for atom in self.atoms)

    @property
    def is_closed(self) -> bool:
        """Whether it is closed on every path."""
        return bool(self.atoms) and all(atom.life == CLOSED for atom in self.atoms)

    @property
    def may_be_within(self) -> bool:
        """Whether it is in a ``begin()`` block on some path."""
        return any(atom.is_within for atom in self.atoms)

    @property
    def may_be_over(self) -> bool:
        """Whether it is in a block whose transaction is over, on some path."""
        return any(atom.is_over for atom in self.atoms)

    @property
    def is_over(self) -> bool:
        """Whether it is in a block whose transaction is over, on every path."""
        return bool(self.atoms) and all(atom.is_over for atom in self.atoms)

    @property
    def may_write(self) -> bool:
        """Whether the next commit may have something to write, here or for some caller."""
        if any(atom.pending is not False and atom.begun for atom in self.atoms):
            return True
        relation = self.relation
        return relation is None or any(
            atom.pending for atoms in relation.table.values() for atom in atoms
        )

    @property
    def begun(self) -> bool | None:
        """Whether a transaction is begun; None where that depends on the path."""
        found = {atom.in_transaction for atom in self.atoms}
        return found.pop() if len(found) == 1 else None

    def or_else(self, other: Condition) -> Condition:
        """The condition where two paths meet."""
        if other is self:
            return self
        relation = either(self.relation, other.relation)
        return Condition(self.atoms | other.atoms, self.since or other.since, relation)

    def after(self, kind: str, effect: str, node: cst.CSTNode) -> Condition:
        """The condition after ``effect`` happened at ``node``."""
        if kind not in KINDS:
            return self
        atoms = frozenset([step(kind, effect, atom) for atom in self.atoms])
        relation = self.relation
        if relation is None or relation.table:
            relation = further(kind, relation, effect)
        held = any(atom.is_holding for atom in atoms)
        since = None if not held else self.since if self.may_hold else node
        return Condition(atoms, since, relation)

    def narrowed(self, kind: str, narrow: Narrow, answer: bool) -> Condition | None:
        """The condition where a question has got this answer; None if it cannot."""
        atoms = frozenset([one for atom in self.atoms for one in narrow(kind, atom, answer)])
        if not atoms:
            return None
        relation = identity(kind) if self.relation is None else self.relation
        table = {
            entry: frozenset([one for atom in found for one in narrow(kind, atom, answer)])
            for entry, found in relation.table.items()
        }
        since = self.since if any(atom.is_holding for atom in atoms) else None
        return Condition(atoms, since, Relation(table, relation.own))

    def handed(self, kind: str) -> Condition:
        """The condition after somebody else had it for a while."""
        own = {atom.blocks for atom in self.atoms}
        relation = identity(kind, own.pop()) if len(own) == 1 else LOST
        return Condition(self.atoms | {UNSEEN}, self.since, relation)


UNSEEN_CONDITION = Condition(frozenset((UNSEEN,)), None, None)
# Of one that something happened to, and nobody knows what.
LOST_CONDITION = Condition(frozenset((UNSEEN,)))
# What a fact is before anybody has said anything: it does not hold.
NO_FACT = frozenset(("",))


@cache
def _holding(atoms: frozenset[Atom]) -> tuple[bool, bool]:
    """Whether a connection is held in some of the conditions, and in all of them."""
    held = [atom.is_holding for atom in atoms]
    return any(held), all(held)


class State:
    """What is known at one point of a function: its names, and its resources' conditions.

    ``local`` are the resources that this function makes; every other one was there before it, in
    a condition that nobody has seen.  ``facts`` are the watchers' own, by a key of theirs: words,
    of which each is true on some path that leads here.
    """

    __slots__ = (
        "changes", "conditions", "doomed", "env", "facts", "full", "local", "objects", "version",
    )  # fmt: skip

    def __init__(self, local: set[int]) -> None:
        self.local = local
        self.env: Layers[str, Value] = Layers()
        self.conditions: Layers[int, Condition] = Layers()
        self.facts: Layers[tuple[object, ...], frozenset[str]] = Layers()
        # The names of objects that no commit has emptied yet, of those that a session may have,
        # and of those that the next commit deletes.
        self.full: Layers[str, bool] = Layers()
        self.objects: Layers[str, bool] = Layers()
        self.doomed: Layers[str, bool] = Layers()
        self.version = 0
        self.changes = 0

    def copy(self) -> State:
        """A state that can go its own way."""
        twin: State = State.__new__(State)
        twin.local = self.local
        twin.version = twin.changes = 0
        twin.conditions = self.conditions.copy()
        twin.facts = self.facts.copy()
        twin.env = self.env.copy()
        twin.full = self.full.copy()
        twin.objects = self.objects.copy()
        twin.doomed = self.doomed.copy()
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
        if isinstance(value, Entity):
            if value.expired is None:
                self.full[name] = True
            if value.fate == DOOMED:
                self.doomed[name] = True
            self.objects[name] = True
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
                self.env[name] = Entity(value.session, commit, value.fate)

    def settle(self, session: int, fates: dict[str, str]) -> None:
        """What becomes of the objects of a session, by what has become of them so far."""
        if not fates:
            return
        for name in self.objects if "" in fates else self.doomed:
            value = self.env.get(name)
            if not isinstance(value, Entity) or value.fate == GONE_FOR_GOOD:
                self.objects.drop(name)
                self.doomed.drop(name)
            elif id(value.session.site) == session and value.fate in fates:
                self.doomed.drop(name)
                self.bind(name, Entity(value.session, value.expired, fates[value.fate]))

    def alone(self, site: int, condition: Condition) -> Condition:
        """The condition of a resource after two paths met, of which only one has seen it."""
        return condition if site in self.local else condition.or_else(UNSEEN_CONDITION)

    def take_in(self, other: State, last: State) -> None:
        """Let another path meet this one, which differs from ``last``, that did so before."""
        self.env.take_in(other.env, last.env, _met_values, _alone)
        self.full.take_in(other.full, last.full, _either, _alone)
        self.objects.take_in(other.objects, last.objects, _either, _alone)
        self.doomed.take_in(other.doomed, last.doomed, _either, _alone)
        self.conditions.take_in(other.conditions, last.conditions, Condition.or_else, self.alone)
        self.facts.take_in(other.facts, last.facts, frozenset.union, _met_fact)

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
    met.env = first.env.met(second.env, _met_values, _alone)
    met.full = first.full.met(second.full, _either, _alone)
    met.objects = first.objects.met(second.objects, _either, _alone)
    met.doomed = first.doomed.met(second.doomed, _either, _alone)
    met.conditions = first.conditions.met(second.conditions, Condition.or_else, met.alone)
    met.facts = first.facts.met(second.facts, frozenset.union, _met_fact)
    return met


def _either(one: _Item, _: _Item) -> _Item:
    return one


def _alone(_: str, value: _Item) -> _Item:
    return value


def _met_fact(_: object, words: frozenset[str]) -> frozenset[str]:
    return words | NO_FACT


def _met_values(one: Value, other: Value) -> Value:
    """:func:`join`, for which None gives way; of a constant its truth is asked."""
    if isinstance(one, Const) and isinstance(other, Const) and one.key != other.key:
        return UNKNOWN
    return join(one, other)
