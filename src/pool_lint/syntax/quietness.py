"""Who leads to the functions that matter, where some of that is quiet: a command, a test, a script.

A helper that only a command calls is as quiet as the command, and one that a handler calls as well
is not: the model has to see all of its callers, although most of them matter to nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pool_lint.knowledge.words import PROGRAM_WORDS, QUIET_DECORATORS
from pool_lint.syntax.facts import says
from pool_lint.syntax.units import Unit


def callers(units: list[Unit], reached: Iterable[Unit]) -> Iterator[Unit]:
    """The functions that call some others, directly or not, in a file that has quiet ones.

    Args:
        units: every unit of the file.
        reached: the units that are to be read, functions or not.
    """
    if not any(map(_is_quiet, units)):
        return
    seen: set[int] = set()
    pending = [unit for unit in reached if unit.is_function]
    while pending:
        seen.update(map(id, pending))
        names = "|".join(re.escape(name) for unit in pending for name in _called(unit))
        calls = re.compile(rf"(?<!def )\b(?:{names})\(").search
        pending = [
            unit for unit in units if unit.is_function and id(unit) not in seen and calls(unit.text)
        ]
        yield from pending


def _is_quiet(unit: Unit) -> bool:
    """Whether a unit may be a command or a fixture, or run as soon as the file does."""
    if unit.is_function:
        decorators = unit.text.partition("def ")[0]
        return says(decorators, QUIET_DECORATORS) or "ArgumentParser(" in unit.text
    return unit.owner is None and not unit.is_definition and says(unit.text, PROGRAM_WORDS)


def _called(unit: Unit) -> set[str]:
    """By what names a function is called."""
    owner = unit.owner
    if owner is not None and "__init__" in unit.names:
        return owner.names
    return unit.names - unit.written or unit.names
