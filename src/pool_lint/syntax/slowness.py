"""Which statements of a file may wait for something slow, by their text.

As everywhere in the screen, the answer may be wrong in one direction only: a statement may be
named that waits for nothing.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from pool_lint.syntax.calling import awaited_strangers
from pool_lint.syntax.clients import client_words, slow_imports
from pool_lint.syntax.facts import says
from pool_lint.syntax.vocabulary import NOTHING_ADDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pool_lint.syntax.facts import Facts
    from pool_lint.syntax.neighbourhood import Neighbours
    from pool_lint.syntax.units import Unit
    from pool_lint.syntax.vocabulary import Vocabulary

_LOCAL_IMPORT = re.compile(r"\n[ \t]+from[ \t]+([\w.]+)[ \t]+import[ \t]").finditer


class Slowness:
    """What of one file is slow.

    Args:
        facts: what is known of the whole file.
        units: its statements, as far as they are known.
        neighbours: what is known of the names that it uses.
        vocabulary: the words that the user's settings add.
    """

    def __init__(
        self,
        facts: Facts,
        units: Iterable[Unit] = (),
        neighbours: Neighbours | None = None,
        vocabulary: Vocabulary = NOTHING_ADDED,
    ) -> None:
        self._facts = facts
        self._text = facts.text
        self._units = units
        self._neighbours = neighbours
        self._vocabulary = vocabulary
        self._waiting: dict[str, bool] = {}

    @cached_property
    def words(self) -> list[str]:
        """The slow words that the file has at all."""
        found = [*self._facts.slow_modules, *self._facts.slow_calls]
        found += [word for word in self._vocabulary.external if word in self._text]
        clients = slow_imports(self._units, found)
        return [*found, *sorted(client_words(self._units, clients)), *self._makers(found)]

    def _makers(self, modules: list[str]) -> Iterator[str]:
        """How the names are used that statements with a slow library's name give a meaning."""
        for unit in self._units:
            if not unit.is_import and says(unit.text, modules):
                for name in unit.written if unit.is_function else unit.names:
                    yield f"{name}."
                    yield f"{name}("

    @cached_property
    def _plain(self) -> frozenset[str]:
        """The functions that the file defines or imports."""
        return frozenset(
            name
            for unit in self._units
            if unit.is_function or unit.is_import
            for name in unit.names
        )

    def awaits_a_stranger(self, unit: str, receivers: set[str]) -> bool:
        """An awaited call of what may be slow, neither made on a possible session nor given one."""
        known = self._neighbours
        for callee, maker in awaited_strangers(unit, receivers, self._plain):
            if known is None or not callee:
                return True
            if known.may_give(maker) if maker else known.may_wait(callee):
                return True
        return False

    def is_called(self, unit: str) -> bool:
        """Whether it calls a function that is known to wait, be it given a session."""
        # Decorators are called once, when the function is defined.
        body = unit[max(0, unit.find("def ")) :]
        if says(body, self._slow_calls):
            return True
        known = self._neighbours
        if known is None:
            return False
        if any(call in body and self._waits(name, known) for name, call in self._calls):
            return True
        if says(unit, self._project_clients):
            return True
        return " import " in body and any(known.is_slow(m[1]) for m in _LOCAL_IMPORT(body))

    def _waits(self, name: str, known: Neighbours) -> bool:
        if name not in self._waiting:
            self._waiting[name] = known.waits(name)
        return self._waiting[name]

    @cached_property
    def _project_clients(self) -> tuple[str, ...]:
        """How the objects are used that other modules of the project make clients of."""
        known = self._neighbours
        text = self._text
        clients = {
            name
            for unit in self._units
            if unit.is_import and known is not None
            for name, path in unit.paths.items()
            if known.is_client(path)
            if f"{name}." in text or (name[:1].isupper() and text.count(name) > 1)
        }
        return tuple(client_words(self._units, clients))

    @cached_property
    def _slow_calls(self) -> tuple[str, ...]:
        """How the functions and methods of the file are called that name something slow."""
        named = self.words
        slow = (
            unit.names
            for unit in self._units
            if unit.is_function and named and says(unit.text, named)
        )
        return tuple(f"{name}(" for names in slow for name in names)

    @cached_property
    def _calls(self) -> tuple[tuple[str, str], ...]:
        """The functions that the file calls, and the text of a call.

        Its own only where it names something slow; those of other modules may.
        """
        named = self.words
        names = {
            name
            for unit in self._units
            if unit.is_import or (unit.is_function and named)
            for name in unit.names
        }
        calls = ((name, f"{name}(") for name in names)
        return tuple((name, call) for name, call in calls if call in self._text)
