"""What may be a session, a connection or an engine in a statement, by its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pool_lint.knowledge import words
from pool_lint.syntax.calling import before
from pool_lint.syntax.facts import says
from pool_lint.syntax.spotting import occurring

if TYPE_CHECKING:
    from pool_lint.syntax.facts import Facts

strong_calls = re.compile(rf"\.(?:{'|'.join(words.STRONG_METHODS)})\(").finditer
_ANNOTATED = ("Session", "Connection", "Engine")
_ANNOTATION = re.compile(r":\s*[\w.\[\"']*(?:Session|Connection|Engine)\b").finditer
_RESULT = re.compile(r"=\s*\(?\s*await\s+[\w.]+\.(?:execute|stream)\w*\(").finditer


class Receivers:
    """The names of statements, each asked for many times and found once.

    Args:
        facts: what is known of the file.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[str, set[str]] = {}

    def of(self, unit: str) -> set[str]:
        """Names that may be a session, a connection or an engine."""
        known = self._known.get(unit)
        if known is None:
            known = self._known[unit] = self._found(unit)
        return known

    def _found(self, unit: str) -> set[str]:
        found = set(occurring(self._facts.session_names, unit))
        found.update(before(unit, strong_calls(unit)))
        if says(unit, _ANNOTATED):
            found.update(before(unit, _ANNOTATION(unit)))
        return found.difference(before(unit, _RESULT(unit))) if found else found
