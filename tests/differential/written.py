"""What becomes of what a program writes: what the model says, and what is found in the database."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeAlias

import libcst as cst
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Session

from pool_lint.model.fates import ALL_COMMITTED, SOME_LOST, Followed, LostWrites
from pool_lint.model.interpreter import Interpreter
from pool_lint.model.module import ModuleModel
from pool_lint.model.writes import Writes

NAMES = re.compile(r"name='(\w+)'").findall
# Savepoints may take back a part of it, and a second row of one key all of it.
_WRITING = (
    (Session, ("add", "execute", "merge")),
    (AsyncSession, ("add", "execute", "merge")),
    (Connection, ("execute",)),
    (AsyncConnection, ("execute",)),
)


Outcomes: TypeAlias = "tuple[frozenset[str], tuple[frozenset[str], ...]]"


class Said(NamedTuple):
    """What the model says of the names that a program writes.

    Attributes:
        lost: they are in no database, whatever happens: a rule would report them.
        kept: they are there where the main function returns.
        some_lost: of each of these groups, one is not there where the main function returns.
    """

    lost: frozenset[str]
    kept: frozenset[str]
    some_lost: tuple[frozenset[str], ...]


def lost_names(model: ModuleModel) -> frozenset[str]:
    """The names that the model says nobody commits."""
    return frozenset(
        name
        for _, analysis in model.analyses()
        for lost in analysis.events.noted(LostWrites)
        for node in lost.nodes
        for name in names_in(node)
    )


def names_in(node: cst.CSTNode) -> list[str]:
    """The names that a statement writes; none for a call of a helper."""
    found: list[str] = NAMES(cst.Module([]).code_for_node(node))
    return found


def outcomes(flow: Interpreter) -> Outcomes:
    """What the main function keeps and loses, of the sessions and connections that it makes."""
    ledgers = [one.__self__ for one in flow.watch.ended if isinstance(one.__self__, Writes)]  # type: ignore[attr-defined]
    followed = flow.events.noted(Followed)
    kept: set[str] = set()
    lost: list[frozenset[str]] = []
    for ledger in ledgers:
        for site, written in ledger._written.items():
            outcome = followed[0].outcomes.get(site) if followed else None
            groups = [names_in(node) for node, _ in written.values()]
            if site not in flow.local or not all(groups):
                continue
            names = frozenset(name for group in groups for name in group)
            if outcome == ALL_COMMITTED:
                kept |= names
            elif outcome == SOME_LOST:
                lost.append(names)
    return frozenset(kept), tuple(lost)


# The rows of the program that runs now which write something, and do so without an error.
rows: set[int] = set()


@contextmanager
def noted() -> Iterator[None]:
    """Note in ``rows`` what a program writes; once for many of them, because it costs time."""

    def noting(method: Callable[..., Any], is_coroutine: bool) -> Callable[..., Any]:
        async def waited(running: Any, row: int) -> Any:
            result = await running
            rows.add(row)
            return result

        def called(*arguments: Any, **keywords: Any) -> Any:
            # What runs in a greenlet has nobody above it.
            frame = sys._getframe().f_back
            if frame is None or frame.f_code.co_filename != "program":
                return method(*arguments, **keywords)
            row = frame.f_lineno
            result = method(*arguments, **keywords)
            if is_coroutine:
                return waited(result, row)
            rows.add(row)
            return result

        return called

    real = {(owner, name): getattr(owner, name) for owner, names in _WRITING for name in names}
    for (owner, name), method in real.items():
        is_coroutine = owner in (AsyncSession, AsyncConnection) and name != "add"
        setattr(owner, name, noting(method, is_coroutine))
    try:
        yield
    finally:
        for (owner, name), method in real.items():
            setattr(owner, name, method)
