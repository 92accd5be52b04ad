"""What the statements that matter depend on, and who uses what they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pool_lint.knowledge.words import IMPORT_WORDS
from pool_lint.syntax.quietness import callers
from pool_lint.syntax.screen import Screen
from pool_lint.syntax.spotting import mentions
from pool_lint.syntax.units import Unit

_WORDS = re.compile(r"[^\W\d]\w*").findall
_ALWAYS_MEMBERS = frozenset(
    ("__init__", "__new__", "__aenter__", "__aexit__", "__enter__", "__exit__", "__call__")
)


def select(units: list[Unit], seeds: Iterable[Unit], screen: Screen, makers: set[str]) -> None:
    """Mark the seeds, what they name, and the users of whatever makes an engine.

    Args:
        units: every unit of the file.
        seeds: those that matter by themselves.
        screen: the screen of the file.
        makers: imported names that may make an engine.
    """
    index = _Index(units)
    pending = [*seeds, *(unit for unit in units if unit.is_import and _tells(unit))]
    watched = makers.union(
        name for unit in pending if screen.creates(unit.text) for name in _watched_names(unit)
    )
    if screen.may_handle():
        watched.update(
            name for unit in pending if screen.shares(unit.text) for name in _shared_by(unit)
        )
    pending += _users(units, watched)
    pending += _commands(units)
    pending += _workings(units, screen)
    pending += callers(units, pending)
    while pending:
        unit = pending.pop()
        if not unit.selected:
            unit.selected = True
            if unit.owner is not None:
                pending.append(unit.owner)
            pending += index.named_by(unit)
            if unit.is_header and unit.owner is not None:
                # Of a class within a class nothing can be read later.
                pending += (other for other in units if other.owner is unit)


def _tells(unit: Unit) -> bool:
    """Whether an import tells what the file is about, or may bind any name."""
    return "*" in unit.names or any(word in unit.text for word in IMPORT_WORDS)


class _Index:
    """Which units bind a name; functions are left out, they are read when they are called."""

    __slots__ = ("_names", "_owned")

    def __init__(self, units: list[Unit]) -> None:
        self._names: dict[str, list[Unit]] = {}
        self._owned: dict[tuple[int, str], list[Unit]] = {}
        for unit in units:
            for name in unit.written if unit.is_function else unit.names:
                if unit.owner is None:
                    self._names.setdefault(name, []).append(unit)
                else:
                    self._owned.setdefault((id(unit.owner), name), []).append(unit)

    def named_by(self, unit: Unit) -> Iterator[Unit]:
        """The units that ``unit`` depends on."""
        for name in set(_WORDS(unit.text)):
            yield from self._names.get(name, ())
            owner = unit.owner
            while owner is not None:
                yield from self._owned.get((id(owner), name), ())
                owner = owner.owner


def _commands(units: list[Unit]) -> Iterator[Unit]:
    """What runs when the file is called as a program: it tells which functions are commands."""
    pending = [unit for unit in units if "if __name__" in unit.text]
    if not pending:
        return
    functions = {
        name: unit
        for unit in units
        if unit.is_function and unit.owner is None
        for name in unit.names
    }
    while pending:
        unit = pending.pop()
        yield unit
        for name in set(_WORDS(unit.text)):
            called = functions.pop(name, None)
            if called is not None:
                pending.append(called)


def _workings(units: list[Unit], screen: Screen) -> Iterator[Unit]:
    """What a module does itself with a session of its own: such a module is a program."""
    plain = [
        unit for unit in units if unit.owner is None and not unit.is_function and not unit.is_class
    ]
    names = {
        name
        for unit in plain
        if not unit.is_import and screen.keeps(unit.text)
        for name in unit.names
    }
    if names:
        yield from (unit for unit in plain if mentions(unit.text, names))


def _watched_names(unit: Unit) -> Iterator[str]:
    for name in unit.names:
        if not (name.startswith("__") and name.endswith("__")):
            yield name
    if unit.owner is not None and unit.names & _ALWAYS_MEMBERS:
        yield from unit.owner.names


def _shared_by(unit: Unit) -> Iterator[str]:
    """The functions through which others reach what a unit does; methods have too common names."""
    if not unit.is_function:
        return
    if unit.owner is None or "(self" not in unit.text:
        yield from unit.names
    elif unit.names & _ALWAYS_MEMBERS:
        yield from unit.owner.names


def _users(units: list[Unit], watched: set[str]) -> list[Unit]:
    """Every unit that names one of ``watched``, directly or through another function."""
    found: list[Unit] = []
    seen: set[int] = set()
    while watched:
        names, watched = watched, set()
        for unit in units:
            if id(unit) not in seen and mentions(unit.text, names):
                seen.add(id(unit))
                found.append(unit)
                if unit.is_function:
                    watched.update(_watched_names(unit))
    return found
