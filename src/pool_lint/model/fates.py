"""What becomes of writes: the words for it, and what rules and callers are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.model.names import FunctionInfo
    from pool_lint.model.states import State
    from pool_lint.model.values import Resource

# The first words of the keys of facts, of which the second is the identity of a session's site:
# what is pending, and what became of everything else.
WRITE = "write"
FATE = "fate"
# What becomes of all that the caller has written before, and of what is written by those to whom a
# generator hands its session.
CALLER = "the caller's writes"
YIELDED = "the writes of those it is handed to"
PENDING = "pending"
COMMITTED = "committed"
UNDONE = "undone"  # rolled back, by the code or by an exception
LOST = "lost"  # given back without a commit
IN_PART = "undone in part"  # a savepoint is, and nobody knows what was written since

ALL_COMMITTED = "all committed"
SOME_LOST = "some lost"
NOT_KNOWN = "not known"


class LostWrites:
    """Writes that nobody commits on any path.

    Attributes:
        subject: the session or connection.
        nodes: what writes.
        closed: where it is closed; None where it is not.
        function: the function that does it.
    """

    __slots__ = ("closed", "function", "nodes", "subject")

    def __init__(
        self, subject: Resource, nodes: list[cst.CSTNode], closed: cst.CSTNode | None,
        function: FunctionInfo | None,
    ) -> None:  # fmt: skip
        self.subject = subject
        self.nodes = nodes
        self.closed = closed
        self.function = function


class Fate:
    """What a function does with the writes on a session that it is given.

    Attributes:
        subject: the session, as the function knows it.
        words: what becomes of what its caller has written; "" for nothing.
        writes: whether it writes itself and leaves that uncommitted: True for certainly, False for
            perhaps, None for no.
        escapes: whether anything else may have been done with the session.
    """

    __slots__ = ("escapes", "subject", "words", "writes")

    def __init__(
        self, subject: Resource, words: frozenset[str], writes: bool | None, escapes: bool
    ) -> None:
        self.subject = subject
        self.words = words
        self.writes = writes
        self.escapes = escapes


class Followed:
    """A function was followed to its end.

    Attributes:
        fates: what it does with the sessions that it is given.
        yielded: what becomes of what is written on the session that it yields.
        outcomes: what became of all that was written, by the identity of the site of each session
            and connection that it used: ALL_COMMITTED, SOME_LOST or NOT_KNOWN.
    """

    __slots__ = ("fates", "outcomes", "yielded")

    def __init__(
        self, fates: list[Fate], yielded: frozenset[str], outcomes: dict[int, str]
    ) -> None:
        self.outcomes = outcomes
        self.fates = fates
        self.yielded = yielded


def fate_at(state: State, site: int, is_visible: bool = True) -> str:
    """What became of all that was written on one session or connection.

    Args:
        state: where the function ends.
        site: the identity of the session's site.
        is_visible: whether all that was done with it was seen.

    Returns:
        ALL_COMMITTED where nothing was lost on any path (nothing written counts), SOME_LOST where
        on some path something was, NOT_KNOWN otherwise.
    """
    if not is_visible:
        return NOT_KNOWN
    words = state.fact((FATE, site)) | state.fact((WRITE, site))
    if IN_PART in words:
        return NOT_KNOWN
    return ALL_COMMITTED if words <= {"", COMMITTED} else SOME_LOST


def token_of(node: cst.CSTNode) -> str:
    """The word for a write among the facts."""
    return str(id(node))
