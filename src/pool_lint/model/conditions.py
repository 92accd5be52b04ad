"""In which condition a session or connection is, as SQLAlchemy and asyncpg themselves behave.

What holds a connection and what begins or ends a transaction was measured on real servers, and is
compared with them on generated programs by ``tests/differential``.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pool_lint.model.values import CONNECTION, POOL_CONNECTION, SESSION

CLOSED = "closed"
OWN = "own"  # a connection that no pool misses
ENDED = "ended"  # a transaction has been ended

# The blocks that something is in; a small letter is one whose transaction is over already.
BEGIN = "B"
SAVEPOINT = "S"
CALLERS = "C"
_DEEPEST = 30
_STARTED = 8
# Of a transaction of asyncpg, followed by the letter that stands for it.
START = "start transaction "
END = "end transaction "


class Atom(NamedTuple):
    """One condition; where nobody has seen what the caller left, the answer is None.

    Attributes:
        begun: whether a transaction is begun, be it by itself.
        held: whether a connection is held.
        pending: whether the next flush has something to write; of interest while nothing is held.
        blocks: the ``with`` blocks of its transactions, the outermost first.
        life: CLOSED, OWN or nothing.
        past: in a relation, the most that has happened: nothing yet, ENDED or CLOSED; None where
            nobody asks.
    """

    begun: bool | None
    held: bool | None
    pending: bool | None
    blocks: str = ""
    life: str = ""
    past: str | None = None

    @property
    def is_unseen(self) -> bool:
        """Whether nothing at all is known."""
        return self.begun is None and self.held is None and not self.blocks and not self.life

    @property
    def is_partial(self) -> bool:
        """Whether something is not known."""
        return self.begun is None or self.held is None

    @property
    def is_holding(self) -> bool:
        """Whether a connection is certainly held that a pool misses."""
        return bool(self.blocks) if self.life == OWN else self.held is True

    @property
    def in_transaction(self) -> bool | None:
        """Whether a transaction is begun."""
        return True if self.blocks and self.begun is None else self.begun

    @property
    def is_within(self) -> bool:
        """Whether it is in a ``begin()`` block that is not over."""
        return BEGIN in self.blocks

    @property
    def waits_in_block(self) -> bool:
        """Whether it is in a ``begin()`` block and holds nothing yet."""
        return self.held is False and self.is_within

    @property
    def is_given_back(self) -> bool:
        """Whether there is certainly no connection, whatever the caller left."""
        return self.held is False and not self.is_within and self.life != OWN

    @property
    def is_over(self) -> bool:
        """Whether it is in a block whose transaction is over: everything raises until its end."""
        return self.blocks[-1:].islower()


UNSEEN = Atom(None, None, None)  # whatever the caller left
IDLE = Atom(False, False, False)  # no transaction, no connection
BEGUN = Atom(True, False, False)  # a transaction, no connection yet
HELD = Atom(True, True, False)  # a transaction, and its connection
BLOCK = Atom(True, False, False, BEGIN)  # inside ``with session.begin()``, no connection yet
OPEN = Atom(False, True, False)  # a connection without a transaction
OPEN_BLOCK = Atom(True, True, False, BEGIN)
OWNED = Atom(None, None, None, "", OWN)


# What ends the transaction, whichever it is.
ENDING = frozenset(("commit", "rollback", "close", "leave block", "leave block raised"))


@cache
def step(kind: str, effect: str, atom: Atom) -> Atom:
    """The condition after something happened.

    Args:
        kind: what it happens to.
        effect: what happens.
        atom: the condition before.

    Returns:
        The condition if it did not raise; what certainly raises changes nothing.
    """
    after = _after(kind, effect, atom)
    if atom.past is None:
        return after
    past = CLOSED if effect == "close" else ENDED if effect in ENDING else ""
    return after._replace(past=later(atom.past, past))


def later(first: str | None, second: str | None) -> str | None:
    """The most that has happened in two pasts; None where nobody asks for the first."""
    if first is None:
        return None
    return CLOSED if CLOSED in (first, second) else ENDED if ENDED in (first, second) else first


def _after(kind: str, effect: str, atom: Atom) -> Atom:
    if effect.startswith("leave"):
        return _left(kind, effect, atom)
    if not effect.startswith("enter"):
        return _BY_KIND[kind](effect, atom)
    if len(atom.blocks) >= _DEEPEST:
        return UNSEEN
    letter = SAVEPOINT if "savepoint" in effect else BEGIN
    is_new = "begun" not in effect
    if atom.is_over and is_new:
        return atom._replace(blocks=atom.blocks + letter.lower())
    inner = atom
    if is_new:
        inner = _BY_KIND[kind]("begin" if letter == BEGIN else "begin nested", atom)
    return inner._replace(blocks=inner.blocks + letter)


def _left(kind: str, effect: str, atom: Atom) -> Atom:
    """The end of a block."""
    last, blocks = atom.blocks[-1:], atom.blocks[:-1]
    outer = atom._replace(blocks=blocks)
    if last.islower():
        return outer
    if effect in ENDING:
        if kind == CONNECTION:
            return outer._replace(begun=False) if atom.life == "" else outer
        return outer._replace(begun=False, held=False, pending=False)
    if last == "":
        return atom
    return _savepoint_over(kind, outer, effect == "leave savepoint")


def _savepoint_over(kind: str, atom: Atom, is_kept: bool) -> Atom:
    """A savepoint is kept, which writes what is pending, or rolled back, which forgets it."""
    if kind != SESSION:
        return atom
    return _flushed(atom) if is_kept else atom._replace(pending=atom.pending and False)


def _savepoint_block_over(atom: Atom) -> Atom:
    """The innermost block of a savepoint is over before its end."""
    at = atom.blocks.rfind(SAVEPOINT)
    if at < 0:
        return atom
    return atom._replace(blocks=atom.blocks[:at] + SAVEPOINT.lower() + atom.blocks[at + 1 :])


def _flushed(atom: Atom) -> Atom:
    """What is pending is written; where nobody knows whether anything is, the answer is None."""
    if atom.pending:
        return atom._replace(held=True, pending=False)
    if atom.pending is None and atom.held is False:
        return atom._replace(held=None)
    return atom


def _session(effect: str, atom: Atom) -> Atom:
    if effect == "close":
        return Atom(False, False, False, atom.blocks.lower(), CLOSED)
    begun, held, pending, blocks = atom[:4]
    if atom.is_over and not (begun and effect in ("add", "delete", "commit", "rollback")):
        return atom
    if effect in ("sql", "refresh"):
        return Atom(True, True, False, blocks)
    if effect in ("add", "delete"):
        return Atom(True, held, held is not True, blocks)
    if effect == "flush":
        return _flushed(atom)
    if effect == "expunge all":
        return atom._replace(pending=False)
    if effect == "expunge":
        return atom._replace(pending=None) if pending else atom
    if effect in ("commit", "rollback"):
        return Atom(False, False, False, blocks.lower())
    if effect == "begin":
        # Had the caller begun it already, this would have raised.
        return atom if begun else Atom(True, False, False, blocks)
    if effect == "begin nested":
        over = _flushed(atom)
        return Atom(True, over.held, None if begun is None else over.pending, blocks)
    if effect in ("end savepoint", "undo savepoint"):
        return _savepoint_over(SESSION, atom, effect == "end savepoint")
    if effect in ("end block savepoint", "undo block savepoint"):
        return _savepoint_block_over(_savepoint_over(SESSION, atom, effect.startswith("end")))
    return atom


def _connection(effect: str, atom: Atom) -> Atom:
    if atom.life == OWN:
        return atom
    if effect == "open":
        return atom if atom.life == "" and atom.held else OPEN
    if effect == "close":
        return Atom(False, False, False, atom.blocks.lower(), CLOSED)
    if atom.life == CLOSED:
        return atom
    if effect in ("commit", "rollback"):
        return atom._replace(begun=False, blocks=atom.blocks.lower())
    if atom.is_over:
        return atom
    if effect == "sql":
        return Atom(True, True, False, atom.blocks)
    if effect in ("begin", "begin nested"):
        return atom._replace(begun=True)
    if effect in ("end block savepoint", "undo block savepoint"):
        return _savepoint_block_over(atom)
    return atom


def _pool_connection(effect: str, atom: Atom) -> Atom:
    if effect == "close":
        return Atom(False, False, False, "", CLOSED)
    if atom.life == CLOSED:
        return atom
    if effect.startswith(START):
        if len(atom.blocks) >= _STARTED:
            return Atom(None, atom.held, False, "", atom.life)
        begun = atom.begun if atom.begun is None or atom.life == OWN else True
        return atom._replace(begun=begun, blocks=atom.blocks + effect[-1])
    if effect.startswith(END):
        # The transactions within it end with it.
        at = atom.blocks.rfind(effect[-1])
        if at < 0:
            return atom
        begun = atom.begun if atom.begun is None or atom.life == OWN else at > 0
        return atom._replace(begun=begun, blocks=atom.blocks[:at])
    if effect == "listen":
        return atom._replace(life=OWN)
    if effect == "sql" and atom.held is None and atom.life != OWN:
        return atom._replace(held=True)
    return atom


_BY_KIND = {SESSION: _session, CONNECTION: _connection, POOL_CONNECTION: _pool_connection}
KINDS = frozenset(_BY_KIND)


def answering(kind: str, atom: Atom, begun: bool) -> tuple[Atom, ...]:
    """What a condition may be if ``in_transaction()`` gives this answer; nothing if it cannot."""
    if atom.life == OWN or kind == POOL_CONNECTION:
        return (atom,)
    if atom.begun is None:
        if kind == SESSION and not begun:
            return (IDLE._replace(past=atom.past),)
        return (atom._replace(begun=begun),)
    return (atom,) if atom.begun is begun else ()


def closed_if(kind: str, atom: Atom, answer: bool) -> tuple[Atom, ...]:
    """What a condition may be if ``is_closed()`` gives this answer; nothing if it cannot."""
    if atom.life == CLOSED:
        return (atom,) if answer else ()
    if not answer:
        return (atom,)
    return (Atom(False, False, False, "", CLOSED, atom.past),) if atom.is_unseen else ()
