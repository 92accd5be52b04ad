"""Which of the writes that nobody commits are really lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.knowledge import frameworks as fw
from pool_lint.model.durability import knows_lasting, lasts
from pool_lint.model.fates import LostWrites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.module import ModuleModel

# A test often looks at what it has written, and leaves nothing behind on purpose.
_QUIET = frozenset((fw.TEST, fw.MIGRATION))


def lost_writes(model: ModuleModel, kind: str) -> Iterator[LostWrites]:
    """What the functions of a module write and nobody commits.

    Args:
        model: the module.
        kind: whose writes: those of sessions, or of connections.
    """
    for info, analysis in model.analyses():
        found = [event for event in analysis.events.noted(LostWrites) if event.subject.kind == kind]
        if not found or model.graph.is_quiet(info, _QUIET) or knows_lasting(model.lookup):
            continue
        for event in found:
            if not lasts(event.subject, model.lookup, model.settings):
                yield event
