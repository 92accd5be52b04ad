"""Slow calls put together by the transaction that waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.knowledge import frameworks as fw
from pool_lint.knowledge.slow import BLOCKING
from pool_lint.model.tails import Tail, tail_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.analysis import Analysis
    from pool_lint.model.events import HeldDuring
    from pool_lint.model.module import ModuleModel
    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.values import Resource

# Many a service is a program that runs until it is stopped; a command ends by itself.
_QUIET = fw.QUIET - {fw.PROGRAM}
# What is wrong with a transaction that waits.
STOPS_LOOP = "stops the event loop"
HOLDS = "holds a connection"
NOT_YET = "holds nothing yet"


class Wait:
    """One transaction, and the slow calls made while it lasts.

    Attributes:
        kind: STOPS_LOOP, HOLDS or NOT_YET: the worst of its calls.
        first: the first call of that kind.
        others: the other slow calls, in order.
        subject: the session or connection.
        since: where the connection was taken; None where it was not.
        until: where it is given back.
        function: the function it happens in.
        tail: the end of the block that gives it back, if that may as well stand behind the block.
    """

    __slots__ = ("first", "function", "kind", "others", "since", "subject", "tail", "until")

    def __init__(
        self, kind: str, calls: list[HeldDuring], first: HeldDuring, until: list[cst.CSTNode],
        function: FunctionInfo,
    ) -> None:  # fmt: skip
        self.kind = kind
        self.first = first
        self.others = [event for event in calls if event is not first]
        self.subject: Resource = first.subject
        self.since = first.since
        self.until = until
        self.function = function
        self.tail: Tail | None = None


def waits(model: ModuleModel) -> Iterator[Wait]:
    """Every transaction of a module that waits for something other than the database."""
    for info, analysis in model.analyses():
        transactions = list(_by_transaction(analysis, info))
        # Who calls it takes reading.
        if not transactions or model.graph.is_quiet(info, _QUIET):
            continue
        taken: set[int] = set()
        for calls in transactions:
            calls = [event for event in calls if id(event.call.node) not in taken]
            if not calls:
                continue
            taken.update(id(event.call.node) for event in calls)
            kinds = [_kind(event, info) for event in calls]
            worst = next(kind for kind in (STOPS_LOOP, HOLDS, NOT_YET) if kind in kinds)
            first = calls[kinds.index(worst)]
            until = [
                released.node
                for released in analysis.events.releases.values()
                if released.since is first.since
            ]
            wait = Wait(worst, calls, first, until, info)
            wait.tail = tail_of(wait, analysis, model.names)
            yield wait


def _by_transaction(analysis: Analysis, info: FunctionInfo) -> Iterator[list[HeldDuring]]:
    groups: dict[tuple[int, int], list[HeldDuring]] = {}
    held = [event for event in analysis.events.all_held if _counts(event)]
    held.sort(key=lambda event: event.before_first)
    begun = {id(event.subject.site) for event in held if not event.before_first}
    for event in held:
        site = id(event.subject.site)
        if event.before_first and site in begun:
            continue
        groups.setdefault((site, id(event.since)), []).append(event)
    yield from groups.values()


def _counts(event: HeldDuring) -> bool:
    """What is only presumed to be slow must be waited for on every path."""
    return not event.call.stranger or event.always or event.before_first


def _kind(event: HeldDuring, info: FunctionInfo) -> str:
    if event.before_first:
        return NOT_YET
    return STOPS_LOOP if event.call.style == BLOCKING and info.is_async else HOLDS
