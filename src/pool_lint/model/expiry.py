"""Helpers that commit: what the session of their caller holds is empty afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.model.effects import expires
from pool_lint.model.watching import Watcher

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.states import Condition
    from pool_lint.model.values import Function, Resource


class Emptied:
    """A function commits a session that it was given; ``filled`` if it loads something again."""

    __slots__ = ("filled", "site")

    def __init__(self, site: int, filled: bool) -> None:
        self.site = site
        self.filled = filled


class ExpiryWatcher(Watcher):
    """Carries a commit from the function that makes it to the one that calls it."""

    def happened(
        self, subject: Resource, effect: str, node: cst.CSTNode, before: Condition, after: Condition
    ) -> None:
        if effect in ("commit", "leave block", "refresh"):
            self._note(id(subject.site), effect == "refresh")

    def helped(
        self, subject: Resource, inner: Resource, function: Function, node: cst.Call
    ) -> None:
        if function.info.names is not self.flow.lookup.names:
            return
        summary = self.flow.summary(function.info)
        site = id(inner.site)
        found = [one for one in summary.events.noted(Emptied) if one.site == site]
        for one in found:
            self._note(id(subject.site), one.filled)
        end = summary.exits.get(site)
        is_ended = end is None or (end.never_holds and end.begun is False)
        if found and is_ended and not any(one.filled for one in found) and expires(subject):
            self.flow.state.expire(id(subject.site), node)

    def _note(self, site: int, filled: bool) -> None:
        self.flow.events.note((site, filled), Emptied(site, filled))
