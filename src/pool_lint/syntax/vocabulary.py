"""The words that a user's settings add to those of the screen."""

from __future__ import annotations

from collections.abc import Iterable

from pool_lint.settings import words_of


class Vocabulary:
    """The words without which a text cannot name what a user has named.

    Args:
        engines: dotted names of functions that make engines.
        sessions: dotted names of functions that return or yield sessions.
        external: dotted names of functions that leave the process.
    """

    __slots__ = ("engines", "external", "makers")

    def __init__(
        self,
        engines: Iterable[str] = (),
        sessions: Iterable[str] = (),
        external: Iterable[str] = (),
    ) -> None:
        self.engines = words_of(engines)
        self.makers = (*self.engines, *words_of(sessions))
        self.external = words_of(external)


NOTHING_ADDED = Vocabulary()
