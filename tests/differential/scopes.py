"""What the statements of a generated block may use, and what they may be."""

from __future__ import annotations

from differential import programs as p

_READS = ("read", "read", "scalar", "look", "get")
_WRITES = ("write", "write", "add", "add", "merge", "connection")
_ENDS = ("commit", "commit", "rollback", "close")
ENDING = (*_ENDS, "reset")
_OTHERS = (
    "flush",
    "in transaction",
    "expire",
    "begin",
    "savepoint",
    "add twice",
    "bad sql",
    "nested",
    "expunge all",
    "reset",
)
OPS = {
    p.SESSION: (*_READS, *_WRITES, *_ENDS, *_OTHERS),
    p.CONNECTION: ("read", "read", "write", "write", "scalar", "in transaction", "bad sql",
                   "begin", "savepoint", *_ENDS),
    p.POOL_CONNECTION: ("fetch", "fetch", "insert", "ask", "transaction", "bad fetch", "release"),
}  # fmt: skip
ON_OBJECT = ("refresh", "delete", "touch", "touch")
ON_TRANSACTION = ("commit it", "roll it back")
ON_POOL_TRANSACTION = ("start it", "commit it", "roll it back")
OPENS = {
    p.SYNC: (("session", p.SESSION), ("session", p.SESSION), ("connect", p.CONNECTION)),
    p.ASYNC: (("session", p.SESSION), ("session", p.SESSION), ("connect", p.CONNECTION)),
    p.POOL: (("acquire", p.POOL_CONNECTION),),
}
OPENING_ITEMS = {
    p.SYNC: (*OPENS[p.SYNC], ("session begin", p.SESSION), ("engine begin", p.CONNECTION)),
    p.POOL: OPENS[p.POOL],
}
OPENING_ITEMS[p.ASYNC] = OPENING_ITEMS[p.SYNC]
BLOCKS = {
    p.SESSION: ("begin", "begin", "savepoint"),
    p.CONNECTION: ("begin", "begin", "savepoint"),
    p.POOL_CONNECTION: ("transaction",),
}
SIMPLE = ("probe", "op", "op", "op", "op", "object", "with")
TWISTED = (*SIMPLE, "if", "if", "inline", "loop", "try", "risk", "leave", "suppress")
LOOPS = ("for", "while", "endless")
FLAGS = 3


class Scope:
    """What the statements of one block may use."""

    def __init__(self, twisted: bool) -> None:
        self.subjects: list[p.Subject] = []
        self.objects: list[tuple[str, p.Subject]] = []
        self.transactions: list[tuple[str, p.Subject]] = []
        # Roughly what has begun and what is over: most programs ought not to fail at once.
        self.begun: set[str] = set()
        self.over: set[str] = set()
        self.within: set[str] = set()
        self.twisted = twisted
        self.in_loop = False
        self.depth = 0
        self.helper = False

    def note(self, subject: p.Subject, word: str) -> None:
        """A method is called."""
        name = subject.name
        if word == "release" or (word == "close" and subject.kind == p.CONNECTION):
            self.over.add(name)
        elif word in ENDING:
            self.begun.discard(name)
            if name in self.within:
                self.over.add(name)
        elif word not in ("flush", "in transaction", "expire", "ask"):
            self.begun.add(name)

    def inner(self) -> Scope:
        """The scope of a block in this one."""
        scope = Scope(self.twisted)
        scope.subjects = list(self.subjects)
        scope.objects = list(self.objects)
        scope.transactions = list(self.transactions)
        scope.begun = self.begun
        scope.over, scope.within = set(self.over), set(self.within)
        scope.in_loop, scope.depth, scope.helper = self.in_loop, self.depth + 1, self.helper
        return scope
