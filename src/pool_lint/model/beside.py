"""Which sessions several of the tasks that one call waits for work with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.model.guarding import LOCK
from pool_lint.model.shares import Concurrent, Share, Unit

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.sources import Sources


def concurrent(
    node: cst.Call, units: list[Unit], sources: Sources, gather: cst.Call | None
) -> Concurrent | None:
    """The first session that more than one of the tasks works with.

    Args:
        node: the call that starts them.
        units: the tasks.
        sources: where the names of the function come from.
        gather: the call, if it waits for them all.
    """
    for share in [share for unit in units for share in unit.shares]:
        alike = [
            (unit, one)
            for unit in units
            for one in unit.shares
            if one.key == share.key and works(unit, one)
        ]
        places = [unit.node for unit, _ in alike]
        several = [
            place
            for place in places[1:]
            if place is not places[0] and not sources.exclude(places[0], place)
        ]
        if several or any(_is_one_for_many(unit, one, sources) for unit, one in alike):
            is_thread = any(unit.is_thread for unit, _ in alike)
            others = tuple(places) if several else ()
            return Concurrent(node, share.subject, others, is_thread, gather)
    return None


def works(unit: Unit, share: Share) -> bool:
    """Whether a task must not meet another one that works with the same session."""
    if share.closes or share.idle or share.guard == LOCK:
        return False
    return unit.is_thread or share.subject.is_async is True


def _is_one_for_many(unit: Unit, share: Share, sources: Sources) -> bool:
    # One that is made for each element belongs to it alone.
    return unit.many is not None and not sources.is_inside(share.subject.site, unit.many)
