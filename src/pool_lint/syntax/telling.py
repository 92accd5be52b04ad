"""What the text of functions and classes tells those who use them, before anything is parsed.

As everywhere in the screen, the answer may be wrong in one direction only: something may be said
to matter that does not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pool_lint.knowledge import words
from pool_lint.syntax.calling import closing, method_calls
from pool_lint.syntax.facts import says
from pool_lint.syntax.receivers import Receivers
from pool_lint.syntax.slowness import Slowness
from pool_lint.syntax.vocabulary import NOTHING_ADDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.syntax.facts import Facts
    from pool_lint.syntax.vocabulary import Vocabulary

_RETURN = re.compile(r"return\s+(?:(\{|dict\()|(?:await\s+)?([\w.]+))").finditer
_ARGUMENT = re.compile(r"[(,]\s*(?:\w+\s*=\s*)?([\w.]+)\s*(?=[,)])").finditer
_CALLEE = re.compile(r"(?<!\w)([A-Za-z_][\w.]*)\(").finditer
_DEFINITION = re.compile(r"def (\w+)").search
# A longer function that names a slow library does more than make a client.
_SHORT = 30


class Telling:
    """What the statements of one file tell.

    Args:
        facts: what is known of the whole file.
        vocabulary: the words that the user's settings add.
    """

    def __init__(self, facts: Facts, vocabulary: Vocabulary = NOTHING_ADDED) -> None:
        self._facts = facts
        self._text = facts.text
        self._vocabulary = vocabulary
        self._receivers = Receivers(facts)
        self._slow = Slowness(facts, vocabulary=vocabulary)

    def creates(self, unit: str) -> bool:
        """Whether a statement may make an engine or a pool."""
        return self._facts.creates(unit, self._vocabulary.engines)

    def tells_callers(self, unit: str) -> bool:
        """Whether the body of a function may matter to those who call it."""
        return (
            "await " in unit
            or "yield" in unit
            or "global " in unit
            or says(unit, self._facts.loop_words)
            or self.creates(unit)
            or self.is_slow(unit)
            or bool(self._receivers.of(unit))
        )

    def is_slow(self, unit: str) -> bool:
        """Whether a statement names a library that leaves the process."""
        return says(unit, self._slow.words)

    def runs_sql(self, unit: str) -> bool:
        """Whether a statement calls what may run SQL."""
        return next(method_calls(unit), None) is not None or "query(" in unit

    def hands_session_to(self, unit: str) -> Iterator[str]:
        """The dotted names of what is called with a possible session as an argument."""
        receivers = self._receivers.of(unit)
        for call in _CALLEE(unit) if receivers else ():
            if not receivers.isdisjoint(call[1].split(".")[:-1]):
                continue
            end = closing(unit, call.end() - 1)
            arguments = unit[call.end() - 1 : end]
            if any(m[1].rpartition(".")[2] in receivers for m in _ARGUMENT(arguments)):
                yield call[1]

    def defines_resource(self, unit: str) -> bool:
        """Whether the objects of a class may hold, or be, something of the libraries."""
        if says(unit, words.RESOURCE_WORDS) or says(unit, self._vocabulary.makers):
            return True
        return self.is_slow(unit) and (
            "await " in unit or "self." in unit or self.is_slow(unit.partition(":")[0])
        )

    def hands_down(self, unit: str) -> bool:
        """Whether a class has something that matters to those who descend from it."""
        if "Session" in unit.partition(":")[0]:
            return True
        return self.runs_sql(unit) and bool(self._receivers.of(unit))

    def returns_resource(self, unit: str) -> bool:
        """Whether a function may return or yield something that matters."""
        if self.creates(unit) or "yield" in unit or says(unit, self._vocabulary.makers):
            return True
        tells: tuple[str, ...] = words.RESULT_WORDS
        if "asyncpg" in self._text:
            tells += ("pool", "Pool")
        name = _DEFINITION(unit)
        if name and says(name[1], words.OPTION_NAMES):
            return True
        begin = unit.find("->")
        if begin >= 0 and says(unit[begin : unit.find(":\n", begin)], tells):
            return True
        for match in _RETURN(unit):
            if match[1] or says(match[2].rpartition(".")[2], tells):
                return True
        return self.is_slow(unit) and "return" in unit and unit.count("\n") < _SHORT
