"""What the screen of one file asks the others for."""

from __future__ import annotations

from typing import Protocol

from pool_lint.syntax.vocabulary import NOTHING_ADDED, Vocabulary


class Neighbours(Protocol):
    """What is known of the names that a file uses."""

    vocabulary: Vocabulary

    def makes_engine(self, path: str) -> bool:
        """Whether what an import names may make an engine or a pool."""

    def may_wait(self, name: str) -> bool:
        """Whether the function of that dotted name may wait for something slow."""

    def waits(self, name: str) -> bool:
        """Whether a function of that dotted name is to be seen that may wait for something slow."""

    def is_slow(self, path: str) -> bool:
        """Whether the module of that dotted path names a library that leaves the process."""

    def is_client(self, path: str) -> bool:
        """Whether what an import names may be a class, or an object, that calls something slow."""

    def hands_down(self, name: str) -> bool:
        """Whether what a name imports is a class of the project that uses sessions of its own."""

    def is_no_dependency(self, name: str) -> bool:
        """Whether what a name imports may be a context manager or a session factory."""

    def hands_out_in_block(self, name: str) -> bool:
        """Whether what a name imports may be a dependency that yields in a ``begin()`` block."""

    def may_open(self, name: str) -> bool:
        """Whether a function of that dotted name may take a connection for itself."""

    def may_give(self, name: str) -> bool:
        """Whether the function of that dotted name may return something slow."""

    def runs_coroutines(self, name: str, path: str) -> bool:
        """Whether what a name imports is a function that may run what it is given in a loop."""


def vocabulary_of(neighbours: Neighbours | None) -> Vocabulary:
    """The words that the user's settings add in a file of which something is known."""
    return neighbours.vocabulary if neighbours is not None else NOTHING_ADDED
