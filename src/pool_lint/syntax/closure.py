"""What the statements that matter depend on, and who uses what they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pool_lint.knowledge.words import COROUTINE_METHODS, IMPORT_WORDS, STRONG_METHODS
from pool_lint.syntax.screen import Screen
from pool_lint.syntax.units import Unit

_WORDS = re.compile(r"[^\W\d]\w*").findall
_ATTRIBUTES = re.compile(r"\.\s*([^\W\d]\w*)").findall
_ALWAYS_MEMBERS = frozenset(
    ("__init__", "__new__", "__aenter__", "__aexit__", "__enter__", "__exit__", "__call__")
)
# A method of these names is far more often the library's than that of a class of this file.
_COMMON = frozenset(
    (*COROUTINE_METHODS, *STRONG_METHODS, "add", "append", "items", "keys", "values")
)


def select(units: list[Unit], seeds: Iterable[Unit], screen: Screen) -> None:
    """Mark the seeds, all they name, and the users of whatever makes an engine.

    Args:
        units: every unit of the file.
        seeds: those that matter by themselves.
        screen: the screen of the file.
    """
    index = _Index(units)
    pending = [*seeds, *(unit for unit in units if unit.is_import and _tells(unit))]
    watched = {
        name for unit in pending if screen.creates(unit.text) for name in _watched_names(unit)
    }
    pending += _users(units, watched)
    while pending:
        unit = pending.pop()
        if not unit.selected:
            unit.selected = True
            if unit.owner is not None:
                pending.append(unit.owner)
            pending += index.named_by(unit)


def _tells(unit: Unit) -> bool:
    """Whether an import tells what the file is about, or may bind any name."""
    return "*" in unit.names or any(word in unit.text for word in IMPORT_WORDS)


class _Index:
    """Which units define a name, and which define an attribute."""

    __slots__ = ("_attributes", "_members", "_names", "_owned")

    def __init__(self, units: list[Unit]) -> None:
        self._names: dict[str, list[Unit]] = {}
        self._attributes: dict[str, list[Unit]] = {}
        self._owned: dict[tuple[int, str], list[Unit]] = {}
        self._members: dict[int, list[Unit]] = {}
        for unit in units:
            owner = unit.owner
            for name in unit.names:
                if owner is None:
                    self._names.setdefault(name, []).append(unit)
                else:
                    self._attributes.setdefault(name, []).append(unit)
                    self._owned.setdefault((id(owner), name), []).append(unit)
            if owner is not None and unit.names & _ALWAYS_MEMBERS:
                self._members.setdefault(id(owner), []).append(unit)

    def named_by(self, unit: Unit) -> Iterator[Unit]:
        """The units that ``unit`` depends on."""
        text = unit.text
        for name in set(_WORDS(text)):
            for found in self._visible(name, unit.owner):
                yield found
                if found.is_header and f"{name}(" in text:
                    yield from self._members.get(id(found), ())
        for name in set(_ATTRIBUTES(text)) - _COMMON:
            yield from self._attributes.get(name, ())

    def _visible(self, name: str, owner: Unit | None) -> Iterator[Unit]:
        yield from self._names.get(name, ())
        while owner is not None:
            yield from self._owned.get((id(owner), name), ())
            owner = owner.owner


def _watched_names(unit: Unit) -> Iterator[str]:
    for name in unit.names:
        if not (name.startswith("__") and name.endswith("__")):
            yield name
    if unit.owner is not None and unit.names & _ALWAYS_MEMBERS:
        yield from unit.owner.names


def _users(units: list[Unit], watched: set[str]) -> list[Unit]:
    """Every unit that names one of ``watched``, directly or through another function."""
    found: list[Unit] = []
    seen: set[int] = set()
    while watched:
        mentions = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(watched)))})\b").search
        watched = set()
        for unit in units:
            if id(unit) not in seen and mentions(unit.text):
                seen.add(id(unit))
                found.append(unit)
                if unit.body:
                    watched.update(_watched_names(unit))
    return found
