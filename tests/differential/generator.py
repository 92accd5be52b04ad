"""Programs at random, from whatever chooses numbers: Hypothesis, which shrinks, or a plain ``Random``.

Hypothesis tries much that is alike, and four of ten programs twice; where many are wanted, the
numbers come from :mod:`random`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

from differential import programs as p
from differential.scopes import (
    BLOCKS,
    ENDING,
    FLAGS,
    LOOPS,
    ON_OBJECT,
    ON_POOL_TRANSACTION,
    ON_TRANSACTION,
    OPENING_ITEMS,
    OPENS,
    OPS,
    SIMPLE,
    TWISTED,
    Scope,
)

T = TypeVar("T")


class Generator:
    """Makes one program.

    Args:
        between: chooses a number of two and all between them.
        flavour: sync, async or pool.
    """

    def __init__(self, between: Callable[[int, int], int], flavour: str) -> None:
        self.between = between
        self.flavour = flavour
        self.number = 0
        self.left = 0
        self.helpers: list[p.Function] = []

    def pick(self, options: tuple[T, ...]) -> T:
        """One of several; the first is the simplest."""
        return options[self.between(0, len(options) - 1)] if len(options) > 1 else options[0]

    def chance(self, percent: int) -> bool:
        """Whether something that is seldom happens."""
        return self.between(0, 99) >= 100 - percent

    def next(self) -> int:
        """A number that nothing else in the program has."""
        self.number += 1
        return self.number

    def program(self) -> p.Program:
        """A program."""
        twisted = self.chance(60)
        for _ in range(self.pick((0, 0, 0, 1, 1, 2))):
            self.left = 5
            self.helpers.append(self.helper(twisted and self.chance(60)))
        self.left = 12
        parameter = self.parameter() if self.chance(20) else None
        main = self.function("main", parameter, Scope(twisted))
        return p.Program(self.flavour, tuple(self.helpers), main, FLAGS)

    def parameter(self) -> p.Subject:
        _, kind = self.pick(OPENS[self.flavour])
        return p.Subject(f"s{self.next()}", kind)

    def helper(self, twisted: bool) -> p.Function:
        """A helper that gets a session or connection, or a context manager."""
        name = f"helper{len(self.helpers)}"
        scope = Scope(twisted)
        scope.helper = True
        if self.chance(30):
            return self.manager(name, scope)
        if self.chance(20):
            return self.maker(name, scope)
        return self.function(name, self.parameter(), scope)

    def function(self, name: str, parameter: p.Subject | None, scope: Scope) -> p.Function:
        if parameter is not None:
            scope.subjects.append(parameter)
        return p.Function(name, parameter, self.body(scope, 1, 8))

    def maker(self, name: str, scope: Scope) -> p.Function:
        """A helper that opens something and returns it."""
        word, kind = self.pick(OPENS[self.flavour])
        subject = p.Subject(f"s{self.next()}", kind)
        scope.subjects.append(subject)
        scope.depth = 2
        body = (p.Open(subject, word), *self.body(scope, 0, 3))
        if not isinstance(body[-1], p.Leave):
            body = (*body, p.Give(subject))
        return p.Function(name, None, body, False, subject)

    def manager(self, name: str, scope: Scope) -> p.Function:
        """A context manager: it opens something or is given it, and hands it over."""
        given = self.parameter() if self.chance(50) else None
        head: list[p.Statement] = []
        wrap: Callable[[p.Body], p.Body] = lambda body: body
        if given is None:
            word, kind = self.pick(OPENING_ITEMS[self.flavour])
            subject = p.Subject(f"s{self.next()}", kind)
            style = self.pick(("with", "finally"))
            if style == "with" or word not in dict(OPENS[self.flavour]):
                wrap = lambda body: (p.With((p.Item(word, "", subject),), body),)
            else:
                head.append(p.Open(subject, word))
                end = "release" if kind == p.POOL_CONNECTION else "close"
                final = (p.Op(end, subject.name, self.next()),)
                wrap = lambda body: (p.Try(body, None, False, (), final),)
        else:
            subject = given
            if self.chance(70):
                item = p.Item(self.pick(BLOCKS[subject.kind]), subject.name)
                wrap = lambda body: (p.With((item,), body),)
        if scope.twisted and self.chance(30):
            inner, handler = wrap, self.body(scope.inner(), 0, 2)
            again = self.chance(50) and not (handler and isinstance(handler[-1], p.Leave))
            wrap = lambda body: inner((p.Try(body, handler, again, (), ()),))
        scope.subjects.append(subject)
        scope.depth = 2
        before = self.body(scope, 0, 2)
        hands = subject.name if given is None or self.chance(50) else ""
        after = self.body(scope, 0, 2)
        body = (*head, *wrap((*before, p.Hand(hands), *after)))
        return p.Function(name, given, body, True, None if given else subject)

    def body(self, scope: Scope, least: int, most: int) -> p.Body:
        """Some statements."""
        statements: list[p.Statement] = []
        for _ in range(self.between(least, most)):
            if self.left <= 0:
                break
            self.left -= 1
            statements += self.statements(scope)
            if statements and isinstance(statements[-1], p.Leave):
                return tuple(statements)
        return tuple(statements)

    def statements(self, scope: Scope) -> list[p.Statement]:
        """One statement, and mostly a probe behind it."""
        if not scope.subjects:
            return self.opening(scope)
        kind = self.pick(TWISTED if scope.twisted else SIMPLE)
        if kind == "probe":
            return [p.Probe()]
        if scope.depth > 3 and kind in ("with", "if", "loop", "try", "suppress"):
            kind = "op"
        made: list[p.Statement]
        if kind == "with":
            made = [self.with_(scope)]
        elif kind in ("op", "object"):
            made = self.operation(kind, scope)
        else:
            made = [getattr(self, kind + "_")(scope)]
        if not isinstance(made[-1], p.Leave) and self.chance(60):
            made.append(p.Probe())
        return made

    def operation(self, kind: str, scope: Scope) -> list[p.Statement]:
        if self.helpers and self.chance(25):
            call = self.call(scope)
            if call is not None:
                return [call]
        if kind == "object":
            pairs = [(name, owner, True) for name, owner in scope.objects]
            pairs += [(name, owner, False) for name, owner in scope.transactions]
            pairs = [pair for pair in pairs if pair[1].name not in scope.over]
            if pairs:
                name, owner, is_object = self.pick(tuple(pairs))
                words = ON_OBJECT if is_object else self.transaction_words()
                if is_object and scope.twisted:
                    # Whether something is left to be flushed afterwards, nobody can know.
                    words = (*words, "expunge")
                return [p.Op(self.pick(words), owner.name, self.next(), name)]
        subject = self.pick(tuple(scope.subjects))
        if subject.name in scope.over and self.chance(90):
            return [p.Probe()]
        word = self.pick(OPS[subject.kind])
        if word == "nested" and self.flavour == p.ASYNC:
            word = "savepoint"
        if word == "begin" and subject.name in scope.begun and self.chance(90):
            word = "savepoint"
        if word in ENDING and subject.name in scope.within and self.chance(70):
            word = "read"
        scope.note(subject, word)
        if word in ("bad sql", "bad fetch", "add twice") and not self.chance(40):
            word = "fetch" if subject.kind == p.POOL_CONNECTION else "read"
        if word == "get" and scope.in_loop:
            word = "look"
        if subject.kind == p.CONNECTION and word == "connection":
            word = "read"
        number = self.next()
        if word == "get":
            scope.objects.append((f"o{number}", subject))
        if word in ("begin", "savepoint", "nested", "transaction"):
            scope.transactions.append((f"t{number}", subject))
        made: list[p.Statement] = [p.Op(word, subject.name, number)]
        if word == "transaction":
            made.append(p.Op("start it", subject.name, self.next(), f"t{number}"))
        if word == "add" and self.chance(30):
            made.append(p.Op("flush", subject.name, self.next()))
        return made

    def transaction_words(self) -> tuple[str, ...]:
        return ON_POOL_TRANSACTION if self.flavour == p.POOL else ON_TRANSACTION

    def call(self, scope: Scope) -> p.Call | None:
        fitting = [
            (index, subject)
            for index, helper in enumerate(self.helpers)
            for subject in scope.subjects
            if helper.parameter is not None
            and not helper.manager
            and helper.parameter.kind == subject.kind
        ]
        if not fitting:
            return None
        index, subject = self.pick(tuple(fitting))
        return p.Call(index, subject.name)

    def opening(self, scope: Scope) -> list[p.Statement]:
        """Where there is no session or connection yet, there will be one now."""
        if self.chance(70):
            return [self.with_(scope)]
        word, kind = self.pick(OPENS[self.flavour])
        makers = [i for i, one in enumerate(self.helpers) if one.gives and not one.manager]
        index = 0
        if makers and self.chance(70):
            index, word = self.pick(tuple(makers)), "helper"
            gives = self.helpers[index].gives
            assert gives is not None
            kind = gives.kind
        subject = p.Subject(f"s{self.next()}", kind)
        scope.subjects.append(subject)
        if self.chance(60):
            scope = scope.inner()
            end = "release" if kind == p.POOL_CONNECTION else "close"
            final = (p.Op(end, subject.name, self.next()),)
            if not self.chance(50):
                body = (p.Probe(), *self.body(scope, 1, 8))
                if not any(isinstance(one, p.Leave) for one in body):
                    body = (*body, *final, p.Probe())
                return [p.Open(subject, word, index), *body]
            if scope.twisted:
                inner = p.Try(self.body(scope, 1, 8), None, False, (), final)
                return [p.Open(subject, word, index), inner, p.Probe()]
        return [p.Open(subject, word, index), p.Probe()]

    def with_(self, scope: Scope) -> p.With:
        scope = scope.inner()
        items = tuple(self.item(scope) for _ in range(self.pick((1, 1, 1, 1, 2))))
        body = self.body(scope, 1, 6)
        for item in items:
            if item.word == "begin":
                scope.begun.discard(item.subject)
        return p.With(items, body or (p.Probe(),))

    def item(self, scope: Scope) -> p.Item:
        if not scope.subjects or self.chance(15):
            managers = [
                (index, helper)
                for index, helper in enumerate(self.helpers)
                if helper.manager and helper.gives is not None
            ]
            if managers and self.chance(50):
                index, helper = self.pick(tuple(managers))
                assert helper.gives is not None
                subject = p.Subject(f"s{self.next()}", helper.gives.kind)
                scope.subjects.append(subject)
                return p.Item("helper", "", subject, index)
            word, kind = self.pick(OPENING_ITEMS[self.flavour])
            subject = p.Subject(f"s{self.next()}", kind)
            scope.subjects.append(subject)
            if word in ("session begin", "engine begin"):
                scope.begun.add(subject.name)
                scope.within.add(subject.name)
            return p.Item(word, "", subject)
        subject = self.pick(tuple(scope.subjects))
        if self.helpers and self.chance(40):
            for index, helper in enumerate(self.helpers):
                given = helper.parameter
                if helper.manager and given is not None and given.kind == subject.kind:
                    return p.Item("helper", subject.name, None, index)
        named = [name for name, owner in scope.transactions if owner == subject]
        if named and self.flavour != p.ASYNC and self.chance(20):
            return p.Item("named", subject.name, None, 0, int(self.pick(tuple(named))[1:]))
        number = 0
        if subject.kind != p.POOL_CONNECTION and self.chance(30):
            number = self.next()
            scope.transactions.append((f"t{number}", subject))
        word = self.pick(BLOCKS[subject.kind])
        if word == "begin" and subject.name in scope.begun and self.chance(90):
            word = "savepoint"
        scope.begun.add(subject.name)
        scope.within.add(subject.name)
        return p.Item(word, subject.name, None, 0, number)

    # -- what branches -------------------------------------------------------------------------

    def flag(self) -> int:
        return self.between(0, FLAGS - 1)

    def if_(self, scope: Scope) -> p.If:
        asks = ""
        if self.chance(15):
            subject = self.pick(tuple(scope.subjects))
            if subject.kind != p.POOL_CONNECTION:
                asks = self.pick(("", "not ")) + f"{subject.name}.in_transaction()"
        body = self.body(scope.inner(), 1, 3)
        orelse = self.body(scope.inner(), 1, 3) if self.chance(50) else ()
        return p.If(self.flag(), body, orelse, asks)

    def inline_(self, scope: Scope) -> p.Statement:
        subject = self.pick(tuple(scope.subjects))
        words = tuple(
            word
            for word in OPS[subject.kind]
            if word not in ("get", "begin", "savepoint", "nested", "transaction")
        )
        ops = [p.Op(self.pick(words), subject.name, self.next()) for _ in range(2)]
        orelse = tuple(ops[1:]) if self.chance(40) else ()
        return p.If(self.flag(), tuple(ops[:1]), orelse, "", True)

    def suppress_(self, scope: Scope) -> p.With:
        return p.With((p.Item("suppress", ""),), self.body(scope.inner(), 1, 4))

    def loop_(self, scope: Scope) -> p.Loop:
        inner = scope.inner()
        inner.in_loop = True
        body = self.body(inner, 1, 4)
        orelse = self.body(scope.inner(), 0, 2)
        readers = [one for one in scope.subjects if one.kind != p.POOL_CONNECTION]
        if readers and self.chance(20):
            return p.Loop(0, "rows", body, orelse, self.pick(tuple(readers)).name)
        return p.Loop(self.flag(), self.pick(LOOPS), body, orelse)

    def try_(self, scope: Scope) -> p.Try:
        body = self.body(scope.inner(), 1, 4)
        handler = self.body(scope.inner(), 0, 2) if self.chance(70) else None
        again = handler is not None and self.chance(25)
        if handler and isinstance(handler[-1], p.Leave):
            again = False
        orelse = self.body(scope.inner(), 0, 2) if handler is not None else ()
        final = self.body(scope.inner(), 0, 2) if handler is None or self.chance(30) else ()
        return p.Try(body, handler, again, orelse, final)

    def risk_(self, scope: Scope) -> p.Risk:
        return p.Risk(self.flag())

    def leave_(self, scope: Scope) -> p.Statement:
        if scope.depth == 0:
            return p.Probe()
        words = ("break", "continue", "return", "raise") if scope.in_loop else ("return", "raise")
        return p.Leave(self.pick(words))


@st.composite
def programs(draw: Callable[[Any], Any], flavour: str) -> p.Program:
    """Programs of one flavour."""
    return Generator(lambda low, high: draw(st.integers(low, high)), flavour).program()


def program_of(seed: int, flavour: str) -> p.Program:
    """The program of one flavour that belongs to a seed."""
    return Generator(random.Random(seed).randint, flavour).program()
