"""Which statements may run a coroutine in an event loop of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from pool_lint.knowledge.words import LOOP_WORDS
from pool_lint.syntax.facts import says

if TYPE_CHECKING:
    from pool_lint.syntax.units import Unit

# A helper is given a coroutine that has just been made, or a lambda that makes one.
_GIVEN = re.compile(r"(?<!\w)([A-Za-z_]\w*)\(\s*(?:lambda\b|[A-Za-z_][\w.]*\()").finditer
_DECORATORS = re.compile(r"^[ \t]*@([A-Za-z_]\w*)[ \t]*(?:\(\s*\)[ \t]*)?$", re.MULTILINE).finditer


def runs_coroutines(text: str) -> bool:
    """Whether a text names what makes an event loop for a coroutine."""
    return says(text, LOOP_WORDS)


def helpers(units: Iterable[Unit]) -> tuple[str, ...]:
    """How the functions of a file are used that may run the coroutines which they are given."""
    return tuple(
        use
        for unit in units
        if unit.is_function and runs_coroutines(unit.text)
        for name in unit.names
        for use in (f"{name}(", f"@{name}")
    )


class Helpers:
    """The functions of other modules that a file may give its coroutines to.

    Args:
        imports: the names that the file imports, with their dotted paths.
        runs: whether what a name imports, by its dotted path, is a function that runs coroutines.
    """

    def __init__(
        self, imports: Iterable[tuple[str, str]], runs: Callable[[str, str], bool]
    ) -> None:
        self._imports = imports
        self._runs = runs

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(name for name, path in self._imports if self._runs(name, path))

    def wants(self, unit: str) -> bool:
        """Whether what a framework calls may give a coroutine to one of them."""
        if "@" not in unit or not says(unit, self._names):
            return False
        return not self._names.isdisjoint(_helpers_named(unit))


def _helpers_named(unit: str) -> Iterator[str]:
    for pattern in (_DECORATORS, _GIVEN):
        for match in pattern(unit):
            yield match[1]
