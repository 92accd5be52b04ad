"""Run a program and write down, at every probe, what really is the case."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import product
from typing import Any, NamedTuple

from asyncpg.pool import PoolConnectionProxy
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Session

from differential import programs as p
from differential.renderer import Rendered
from differential.worlds import World
from differential.written import NAMES
from differential.written import rows as written_rows

_TOO_MANY = 300
_VECTORS = 4


class Fact(NamedTuple):
    """What is the case with one session or connection."""

    held: bool
    begun: bool


class Seen(NamedTuple):
    """One passing of a probe.

    Attributes:
        probe: its number.
        facts: the sessions and connections that its function has, by name.
        checked_out: what the pool misses.
    """

    probe: int
    facts: dict[str, Fact]
    checked_out: int


class Run(NamedTuple):
    """One execution.

    Attributes:
        flags: that it was run with.
        entry: the state of the session that it was given.
        seen: the probes that were passed.
        left: the connections that are still checked out, and those the caller holds.
        error: the exception that came, if one did: its class, its text and the row.
        rows: the names that were committed.
        written: the names that were written without an error, committed or not.
        reached: the rows that called ``begin()``, of those that were asked for.
        failed: those of them where an exception came.
    """

    flags: tuple[int, ...]
    entry: str
    seen: tuple[Seen, ...]
    left: int
    error: tuple[str, str, int] | None
    rows: tuple[str, ...]
    written: frozenset[str]
    reached: frozenset[int]
    failed: frozenset[int]


class _Stop(BaseException):
    """A program that goes on for too long."""


def vectors(rendered: Rendered, count: int) -> list[tuple[int, ...]]:
    """The flags to run a program with: yes and no for each that it asks, and some that loop on."""
    asked = [flag for flag in range(count) if f"flags[{flag}]" in rendered.source]
    chosen = list(product((0, 1), repeat=len(asked)))
    if len(chosen) > _VECTORS:
        chosen = [chosen[0], chosen[-1], *chosen[1:-1:2]]
    if "range(flags" in rendered.source or "left1 = " in rendered.source:
        chosen += [(2,) * len(asked), (5,) * len(asked)]
    found = []
    for values in chosen:
        flags = [0] * count
        for flag, value in zip(asked, values, strict=True):
            flags[flag] = value
        found.append(tuple(flags))
    return found


def fact(value: object) -> Fact | None:
    """What is the case with a session or connection; None for anything else."""
    if isinstance(value, AsyncSession):
        value = value.sync_session
    if isinstance(value, Session):
        root = value.get_transaction()
        return Fact(root is not None and bool(root._connections), value.in_transaction())
    if isinstance(value, AsyncConnection):
        if value.sync_connection is None:
            return Fact(False, False)
        value = value.sync_connection
    if isinstance(value, Connection):
        return Fact(not value.closed, not value.closed and value.in_transaction())
    if isinstance(value, PoolConnectionProxy):
        held = value._con is not None
        return Fact(held, held and value.is_in_transaction())
    return None


@contextmanager
def _begins_noted(rows: set[int]) -> Iterator[None]:
    """Note where the program calls ``begin()``.

    That a row is passed does not say so: the end of a block may count as the row before it.
    """
    real = {owner: owner.begin for owner in (Session, Connection, AsyncSession, AsyncConnection)}

    def noting(begin: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: Any, **keywords: Any) -> Any:
            frame = sys._getframe(1)
            if frame.f_code.co_filename == "program":
                rows.add(frame.f_lineno)
            return begin(*arguments, **keywords)

        return noted

    for owner, begin in real.items():
        setattr(owner, "begin", noting(begin))  # noqa: B010
    try:
        yield
    finally:
        for owner, begin in real.items():
            setattr(owner, "begin", begin)  # noqa: B010


class Runner:
    """Runs the programs of one flavour in one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seen: list[Seen] = []
        self.names_at: dict[int, list[str]] = {}
        self.names = {**world.names, "probe": self.probe, "risky": self.risky}
        if world.flavour == p.POOL:
            self.names["pool"] = world.pool  # type: ignore[attr-defined]

    def probe(self, number: int) -> None:
        """What the program calls."""
        if len(self.seen) > _TOO_MANY:
            raise _Stop
        facts = {}
        for name, value in sys._getframe(1).f_locals.items():
            found = fact(value)
            if found is not None:
                facts[name] = found
        self.seen.append(Seen(number, facts, self.world.checked_out()))

    def risky(self, flag: int) -> None:
        """What the program calls, and what may fail."""
        if flag:
            raise ValueError("risky")

    def runs(
        self, program: p.Program, rendered: Rendered, trace: frozenset[int] = frozenset()
    ) -> Iterator[Run]:
        """Every execution of a program.

        Args:
            program: the program.
            rendered: its text.
            trace: the rows of which is to be known whether they were reached.
        """
        text = "\n" * (rendered.row - 1) + "\n".join(
            rendered.source.splitlines()[rendered.row - 1 :]
        )
        code = compile(text, "program", "exec")
        names = dict(self.names)
        exec(code, names)  # noqa: S102
        lines = enumerate(rendered.source.splitlines(), start=1)
        # Of a row with a conditional expression, nobody knows what has run.
        self.names_at = {
            row: NAMES(line) for row, line in lines if "name='" in line and ") if " not in line
        }
        flags, states = vectors(rendered, program.flags), entries(program)
        # Each of both once is enough; all pairs would take the time of more programs.
        for index in range(max(len(flags), len(states))):
            chosen, entry = flags[index % len(flags)], states[index % len(states)]
            yield self.run(names["main"], program, chosen, entry, trace)

    def run(
        self,
        main: Callable[..., Any],
        program: p.Program,
        flags: tuple[int, ...],
        entry: str,
        trace: frozenset[int],
    ) -> Run:
        """One execution."""
        self.seen = []
        error: tuple[str, str, int] | None = None
        reached: set[int] = set()
        failed: set[int] = set()
        written_rows.clear()

        def follow(frame: Any, event: str, argument: object) -> Any:
            if frame.f_code.co_filename != "program":
                return None
            if event == "exception":
                failed.add(frame.f_lineno)
            return follow

        if trace:
            sys.settrace(follow)
        try:
            with _begins_noted(reached) if trace else nullcontext():
                self.world.run(lambda: self.call(main, program, flags, entry))
        except Exception as exception:  # noqa: BLE001
            row = 0
            step = exception.__traceback__
            while step is not None:
                if step.tb_frame.f_code.co_filename == "program":
                    row = step.tb_lineno
                step = step.tb_next
            error = (type(exception).__name__, str(exception)[:200], row)
        except _Stop:
            error = ("Stop", "", 0)
        finally:
            if trace:
                sys.settrace(None)
        left = self.world.checked_out()
        rows = self.world.tidy()
        return Run(
            flags,
            entry,
            tuple(self.seen),
            left,
            error,
            rows,
            frozenset(name for row in written_rows for name in self.names_at.get(row, ())),
            frozenset(reached & trace),
            frozenset(failed),
        )

    def call(
        self, main: Callable[..., Any], program: p.Program, flags: tuple[int, ...], entry: str
    ) -> Any:
        """Call the program as it wants to be called."""
        parameter = program.main.parameter
        if program.flavour == p.SYNC:
            if parameter is None:
                return main(flags)
            return _sync_entry(main, parameter, flags, entry, self.names)
        if parameter is None:
            return main(self.names["pool"], flags) if program.flavour == p.POOL else main(flags)
        if program.flavour == p.POOL:
            return _pool_entry(main, flags, entry, self.names)
        return _async_entry(main, parameter, flags, entry, self.names)


def entries(program: p.Program) -> tuple[str, ...]:
    """The states in which the caller may have left what it gives to the program."""
    parameter = program.main.parameter
    if parameter is None:
        return ("",)
    if parameter.kind == p.SESSION:
        return ("", "read", "add", "begin", "block", "block read")
    return ("", "read", "block")


def _sync_entry(
    main: Callable[..., Any], parameter: p.Subject, flags: Any, entry: str, names: dict[str, Any]
) -> None:
    maker = names["SessionLocal"] if parameter.kind == p.SESSION else names["engine"].connect
    with maker() as given:
        if entry.startswith("block"):
            with given.begin():
                if entry == "block read":
                    given.execute(names["select"](names["Item"].id))
                main(given, flags)
            return
        if entry == "read":
            given.execute(names["select"](names["Item"].id))
        elif entry == "add":
            given.add(names["Item"](name="caller"))
        elif entry == "begin":
            given.begin()
        main(given, flags)


async def _async_entry(
    main: Callable[..., Any], parameter: p.Subject, flags: Any, entry: str, names: dict[str, Any]
) -> None:
    maker = names["SessionLocal"] if parameter.kind == p.SESSION else names["engine"].connect
    async with maker() as given:
        if entry.startswith("block"):
            async with given.begin():
                if entry == "block read":
                    await given.execute(names["select"](names["Item"].id))
                await main(given, flags)
            return
        if entry == "read":
            await given.execute(names["select"](names["Item"].id))
        elif entry == "add":
            given.add(names["Item"](name="caller"))
        elif entry == "begin":
            await given.begin()
        await main(given, flags)


async def _pool_entry(
    main: Callable[..., Any], flags: Any, entry: str, names: dict[str, Any]
) -> None:
    pool = names["pool"]
    async with pool.acquire() as given:
        if entry == "block":
            async with given.transaction():
                await main(pool, given, flags)
            return
        if entry == "read":
            await given.fetchval("select 1")
        await main(pool, given, flags)
