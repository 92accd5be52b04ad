"""What functions may do that nobody can see, with a session that they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge.words import READING_WORDS, WRITING_WORDS
from pool_lint.model import transactions
from pool_lint.model.conditions import HELD, KINDS, UNSEEN, Atom
from pool_lint.model.states import Condition
from pool_lint.model.values import SESSION, Resource, Value

if TYPE_CHECKING:
    from pool_lint.model.flow import Flow


def _given_away(atoms: frozenset[Atom], node: cst.CSTNode) -> frozenset[Atom]:
    """What a session may be after a function that nobody can see had it.

    Whether such a function commits is told by its name, if by anything; that is enough for what
    is held on some path, and never for what is held on every path.
    """
    name = node.func if isinstance(node, cst.Call) else node
    word = name.attr.value if isinstance(name, cst.Attribute) else getattr(name, "value", "")
    word = word.lstrip("_") if isinstance(word, str) else ""
    if word.startswith(READING_WORDS):
        return frozenset((UNSEEN, HELD))
    if HELD in atoms and not word.startswith(WRITING_WORDS):
        return frozenset((UNSEEN, HELD))
    return frozenset((UNSEEN,))


def hand_over(flow: Flow, value: Value, node: cst.CSTNode) -> None:
    """Something nobody can see was given a session: it may have done anything with it."""
    if isinstance(value, Resource) and value.kind in KINDS:
        site = id(value.site)
        flow.resources[site] = value
        transactions.ended_elsewhere(flow, value, (None, ""))
        condition = flow.state.condition(site)
        within = [atom for atom in condition.atoms if atom.is_within]
        if value.kind == SESSION and within:
            held = {atom._replace(held=True, pending=False) for atom in within}
            atoms = condition.atoms | held
        elif value.kind == SESSION:
            atoms = _given_away(condition.atoms, node)
        else:
            atoms = condition.atoms
        flow.state.put(site, Condition(atoms, condition.since or node))
