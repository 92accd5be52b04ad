"""The result of following one function: its events, and what it does for its caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import libcst as cst

    from pool_lint.model.events import (
        AwaitedPlain,
        Begun,
        Dropped,
        ExpiredRead,
        HeldDuring,
        Released,
        SlowCall,
        WrongBlock,
        WrongColour,
    )
    from pool_lint.model.states import Condition
    from pool_lint.model.values import Resource


_Event = TypeVar("_Event")


class Events:
    """The events of one function, each once, however often the interpreter passes by."""

    def __init__(self) -> None:
        self._held: dict[tuple[int, int], HeldDuring] = {}
        self._free: set[tuple[int, int]] = set()
        self._begun: dict[int, Begun] = {}
        self._fresh: set[int] = set()
        self.dropped: dict[int, Dropped] = {}
        self.expired: dict[int, ExpiredRead] = {}
        self.releases: dict[tuple[int, int], Released] = {}
        self.plain: dict[int, AwaitedPlain] = {}
        self.wrong_blocks: dict[int, WrongBlock] = {}
        self._colours: dict[int, WrongColour] = {}
        self._elsewhere: set[int] = set()
        self._noted: dict[type, dict[object, Any]] = {}

    def note(self, key: object, event: object) -> None:
        """An event of a watcher; the first under each key is enough."""
        self._noted.setdefault(type(event), {}).setdefault(key, event)

    def forget(self, kind: type, key: object) -> None:
        """What was noted under a key turned out not to be so."""
        self._noted.get(kind, {}).pop(key, None)

    def noted(self, kind: type[_Event]) -> list[_Event]:
        """The events of one kind, in the order in which they were noted."""
        return list(self._noted.get(kind, {}).values())

    def noted_under(self, kind: type[_Event], key: object) -> _Event | None:
        """The event of one kind that was noted under a key."""
        found: _Event | None = self._noted.get(kind, {}).get(key)
        return found

    def held(self, event: HeldDuring) -> None:
        """A slow call while something is held; held on every visit or only on some."""
        key = (id(event.call.node), id(event.subject.site))
        known = self._held.get(key)
        if known is None:
            if key in self._free:
                event.always = False
            self._held[key] = event
        else:
            known.always = known.always and event.always
            if known.before_first and not event.before_first:
                event.always = False
                self._held[key] = event

    def not_held(self, call: SlowCall, subject: Resource) -> None:
        """The same call on a path where nothing is held."""
        key = (id(call.node), id(subject.site))
        self._free.add(key)
        if key in self._held:
            self._held[key].always = False

    def begun(self, event: Begun) -> None:
        """``begin()`` on what has begun already."""
        if id(event.node) not in self._fresh:
            self._begun[id(event.node)] = event

    def not_begun(self, node: cst.CSTNode) -> None:
        """The same ``begin()`` on a path where it is right."""
        self._fresh.add(id(node))
        self._begun.pop(id(node), None)

    def released(self, event: Released) -> None:
        """A connection is given back."""
        self.releases[id(event.since), id(event.node)] = event

    def coloured(self, site: int, event: WrongColour) -> None:
        """What has the wrong colour for its function; the first event of each is enough."""
        self._colours.setdefault(site, event)

    def in_thread(self, site: int) -> None:
        """A session or connection works in another thread."""
        self._elsewhere.add(site)

    @property
    def all_coloured(self) -> dict[int, WrongColour]:
        """What has the wrong colour for its function, by the site of the object."""
        return {k: event for k, event in self._colours.items() if k not in self._elsewhere}

    @property
    def all_held(self) -> list[HeldDuring]:
        """Slow calls while something is held, in order."""
        return list(self._held.values())

    @property
    def all_begun(self) -> list[Begun]:
        """Calls of ``begin()`` that cannot work."""
        return list(self._begun.values())


class Analysis:
    """What following a function from its beginning to its ends has shown.

    Attributes:
        events: what happens in it.
        direct: what waits for something other than the database, as far as it was looked for.
        later: looks for the rest, in functions that were called while nothing was held.
        exits: for each resource that was there before, its conditions when the function ends.
        raised: the same where an exception ends it.
        resources: the resources of these by their identity.
        is_complete: False where the function was too twisted to be followed to its end.
        steps: how many steps it took.
        yielded: for a context manager, the condition in which it hands over its session.
        handed: for a context manager, the conditions at its ``yield`` of what was there before;
            ``exits`` then tell what it does from there.
        returned: the condition in which it returns what it has made.
        given_back: what it does from there to the session that it handed over.
    """

    __slots__ = (
        "direct", "events", "exits", "given_back", "handed", "is_complete", "later", "raised",
        "resources", "returned", "steps", "yielded",
    )  # fmt: skip

    def __init__(self) -> None:
        self.is_complete = False
        self.steps = 0
        self.events = Events()
        self.direct: list[SlowCall] = []
        self.later: Callable[[], Iterable[SlowCall]] | None = None
        self.exits: dict[int, Condition] = {}
        self.raised: dict[int, Condition] = {}
        self.resources: dict[int, Resource] = {}
        self.yielded: Condition | None = None
        self.handed: dict[int, Condition] = {}
        self.returned: Condition | None = None
        self.given_back: Condition | None = None

    @property
    def slow_calls(self) -> list[SlowCall]:
        """All that waits for something other than the database."""
        if self.later is not None:
            look, self.later = self.later, None
            self.direct = [*self.direct, *look()]
        return self.direct


NOTHING = Analysis()
