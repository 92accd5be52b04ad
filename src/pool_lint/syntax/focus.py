"""Cut a file down to the statements that can matter, without moving a line number.

What is selected is decided by the screen and then closed over the names that the selected
statements use, and, for whatever makes an engine, over those who use it.  Functions that are only
called are left out: the model reads them when it has to.
"""

from __future__ import annotations

from pool_lint.syntax.closure import select
from pool_lint.syntax.monsters import monstrous_row
from pool_lint.syntax.neighbourhood import Neighbours, vocabulary_of
from pool_lint.syntax.screen import Screen
from pool_lint.syntax.source import Source
from pool_lint.syntax.units import Unit, units_of

# Only a longer statement can hold a chain of operators that is too long.
_LONG = 8000


class Focus:
    """The text that is left, and where its rows stand in the file.

    Attributes:
        text: valid Python made of whole statements of the file.
        rows: for every line of ``text`` its row in the file, from 1.
        seeds: the names of the functions that may hold a finding; the rest only explains them.
        monsters: the rows of statements that would matter, but that no parser can be given.
    """

    __slots__ = ("_parts", "monsters", "rows", "seeds")

    def __init__(self, seeds: frozenset[str]) -> None:
        self.seeds = seeds
        self._parts: list[str] = []
        self.rows: list[int] = []
        self.monsters: list[int] = []

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def add(self, text: str, begin: int, end: int) -> None:
        """Append the lines ``begin`` to ``end`` of the file."""
        self._parts.append(text)
        self.rows.extend(range(begin, end + 1))

    def add_placeholder(self, indent: str, row: int) -> None:
        """Append a body for what is left without one."""
        self._parts.append(f"{indent} pass\n")
        self.rows.append(row)


def focus(source: Source, neighbours: Neighbours | None = None) -> Focus | None:
    """Select the statements of a file that can matter.

    Args:
        source: the file.
        neighbours: what is known of the names that the file uses.

    Returns:
        What is left, or None where nothing is.
    """
    units = list(units_of(source.parts))
    screen = Screen(source.facts, units, neighbours, vocabulary_of(neighbours))
    seeds = [
        unit
        for unit in units
        if not (unit.is_header or unit.is_import) and (code := unit.code) and screen.wants(code)
    ]
    makers = _makers(units, neighbours) if neighbours is not None else set()
    if not seeds and not makers:
        return None
    select(units, seeds, screen, makers)
    chosen = [unit for unit in units if unit.selected]
    names = frozenset(name for unit in seeds for name in unit.names)
    return _assemble(chosen, names)


def focus_on(source: Source, names: set[str]) -> Focus | None:
    """Select the statements of a file that use some names, directly or through others.

    Args:
        source: the file.
        names: the names.

    Returns:
        What is left, with what it depends on; None where nothing is.
    """
    units = list(units_of(source.parts))
    select(units, (), Screen(source.facts, units), names)
    chosen = [unit for unit in units if unit.selected]
    return _assemble(chosen, frozenset()) if chosen else None


def _makers(units: list[Unit], neighbours: Neighbours) -> set[str]:
    """The imported names that may make an engine."""
    found: set[str] = set()
    for unit in units:
        if unit.is_import:
            found.update(name for name, path in unit.paths.items() if neighbours.makes_engine(path))
    return found


def _assemble(units: list[Unit], seeds: frozenset[str]) -> Focus:
    result = Focus(seeds)
    empty: Unit | None = None
    for unit in units:
        if empty is not None and unit.owner is not empty:
            result.add_placeholder(empty.indent, empty.end)
        if len(unit.text) > _LONG and monstrous_row(unit.text) is not None:
            result.monsters.append(unit.begin)
            continue
        empty = unit if unit.is_header else None
        result.add(unit.text, unit.begin, unit.end)
    if empty is not None:
        result.add_placeholder(empty.indent, empty.end)
    return result
