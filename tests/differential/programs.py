"""What a generated program is made of."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

SYNC = "sync"
ASYNC = "async"
POOL = "pool"

SESSION = "session"
CONNECTION = "connection"
POOL_CONNECTION = "pool connection"


class Subject(NamedTuple):
    """A session or connection, under the name that it has in the program."""

    name: str
    kind: str


class Probe(NamedTuple):
    """Where the two are compared; it stands for the slow call of a real program."""


class Op(NamedTuple):
    """A statement about one session or connection: a method of it, or one of its objects.

    ``word`` chooses the text, ``number`` makes its rows and names its own.
    """

    word: str
    subject: str
    number: int
    other: str = ""


class Open(NamedTuple):
    """A session or connection is made without a block."""

    subject: Subject
    word: str
    helper: int = 0


class Leave(NamedTuple):
    """``return``, ``break``, ``continue`` or ``raise``."""

    word: str


class Risk(NamedTuple):
    """A call that raises when its flag is set."""

    flag: int


class Call(NamedTuple):
    """A helper is given a session or connection."""

    helper: int
    subject: str


class If(NamedTuple):
    """A branch on something that the model cannot know, or on the state of a session.

    One that is ``inline`` is an expression.
    """

    flag: int
    body: Body
    orelse: Body
    asks: str = ""
    inline: bool = False


class Loop(NamedTuple):
    """A loop that runs as often as its flag says; ``style`` is for, while or endless.

    One of style rows runs over what ``subject`` reads.
    """

    flag: int
    style: str
    body: Body
    orelse: Body
    subject: str = ""


class Try(NamedTuple):
    """``try`` with what it has; a handler of None is left out."""

    body: Body
    handler: Body | None
    again: bool
    orelse: Body
    final: Body


class Item(NamedTuple):
    """One item of a ``with``: ``word`` is what is entered, ``subject`` what it is a method of.

    ``gives`` is the session or connection that it opens, if it does.
    """

    word: str
    subject: str
    gives: Subject | None = None
    helper: int = 0
    number: int = 0


class With(NamedTuple):
    """``with`` of one or several items."""

    items: tuple[Item, ...]
    body: Body


class Hand(NamedTuple):
    """The ``yield`` of a context manager."""

    subject: str


class Give(NamedTuple):
    """The ``return`` of a helper that makes a session or connection."""

    subject: Subject


Statement: TypeAlias = (
    Probe | Op | Open | Leave | Risk | Call | If | Loop | Try | With | Hand | Give
)
Body: TypeAlias = tuple[Statement, ...]


class Function(NamedTuple):
    """A function.

    Attributes:
        name: its name.
        parameter: what it is given.
        body: what it does.
        manager: whether it is for a ``with``.
        gives: what it hands over or returns, where it has made that itself.
    """

    name: str
    parameter: Subject | None
    body: Body
    manager: bool = False
    gives: Subject | None = None


class Program(NamedTuple):
    """Helpers, which may call those before them, and the function that is run."""

    flavour: str
    helpers: tuple[Function, ...]
    main: Function
    flags: int
