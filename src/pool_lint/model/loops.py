"""Loops: followed until another round tells nothing new, and then no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.model.conditions import UNSEEN
from pool_lint.model.states import Condition, State, meet
from pool_lint.model.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from pool_lint.model.deciding import Ways
    from pool_lint.model.paths import Paths

# How often a loop is followed, all its beginnings taken together.
_ROUNDS = 12
# After so many more it is taken for granted that anything may be.
_WIDE = 2


class Memory:
    """What is known of a loop: whoever comes with no more than others before gets what they got.

    That a loop within a loop is followed anew only where there is something new to be known keeps
    the time for all of them in proportion to their size, however deep they are nested.
    """

    __slots__ = ("begun", "entry", "exits", "head", "left", "rounds")

    def __init__(self, entry: State) -> None:
        self.entry = entry
        # What is known where a round is decided on, and where it has begun.
        self.head = entry
        self.begun: State | None = None
        self.rounds = 0
        # The paths that leave it otherwise than by its end, and those that come to its end.
        self.exits: dict[str, State | None] = {}
        self.left: State | None = None


def repeat(
    run: Paths, key: int, head: Callable[[], Ways], body: Callable[[], None]
) -> State | None:
    """Follow a loop; afterwards the flow is where the loop has come to its end.

    Args:
        run: the function.
        key: what identifies the loop.
        head: what happens before every round; gives where there is one and where there is none.
        body: one round.

    Returns:
        The paths that ``break`` out of it.
    """
    place = (key, run.context)
    known = run.loops.get(place)
    if known is None:
        known = run.loops[place] = Memory(run.state.copy())
        _follow(run, known, head, body)
    else:
        entry = meet(known.entry, run.state) or run.state
        if not entry.same(known.entry):
            known.entry = entry
            known.head = meet(known.head, entry) or entry
            _follow(run, known, head, body)
    for kind, state in known.exits.items():
        if kind != "break" and state is not None:
            run.frames[-1].add(kind, state.copy())
    run.resume(None if known.left is None else known.left.copy())
    breaks = known.exits.get("break")
    return None if breaks is None else breaks.copy()


def _follow(run: Paths, known: Memory, head: Callable[[], Ways], body: Callable[[], None]) -> None:
    while True:
        run.resume(known.head.copy())
        pending = run.run_in_frame(lambda: _decided(run, known, head))
        around = None
        if run.reached:
            known.rounds += 1
            inner = run.run_in_frame(body)
            around = meet(inner.pop("", None), inner.pop("continue", None))
            _add(known, inner)
        pending.pop("")
        _add(known, pending)
        if known.rounds == 1 and known.left is None and around is not None:
            # There is a first round in any case: nobody comes to the end from before it.
            known.head, known.begun = around, None
            continue
        merged = meet(known.head, around)
        if around is None or merged is None or merged.same(known.head):
            return
        known.head = widened(run, known.head, merged) if known.rounds >= _ROUNDS else merged


def _decided(run: Paths, known: Memory, head: Callable[[], Ways]) -> None:
    """Go on with the next round, if there is any and it can tell anything new."""
    yes, known.left = head()
    is_enough = known.rounds >= _ROUNDS + _WIDE
    if yes is not None and known.begun is not None and (is_enough or yes.same(known.begun)):
        yes = None
    if yes is not None:
        known.begun = yes.copy()
    run.resume(yes)


def _add(known: Memory, pending: dict[str, State | None]) -> None:
    for kind, state in pending.items():
        known.exits[kind] = meet(known.exits.get(kind), state)


def widened(run: Paths, before: State, after: State) -> State:
    """What no further round can add anything to: all that still changes may be anything."""
    wide = after.copy()
    changed = [name for name, _, _ in before.env.differences(after.env)]
    for name in changed:
        wide.bind(name, UNKNOWN)
    sites = [site for site, _, _ in before.conditions.differences(after.conditions)]
    if changed:
        # One of these names may have come to stand for any of them.
        sites = list(after.conditions)
    for site in sites:
        condition = after.condition(site)
        wide.put(site, Condition(condition.atoms | {UNSEEN}, condition.since))
    return wide
