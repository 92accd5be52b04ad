"""Edits on text: from rows and columns to offsets, which fixes go together, and the new text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from pool_lint.findings import Edit, Position

_NEWLINE = re.compile(r"\r\n|\r|\n")


class InvalidEditError(ValueError):
    """An edit that points outside the text, or edits of one fix that overlap."""


class Replacement(NamedTuple):
    """An edit in offsets: the text from ``start`` to ``end`` becomes ``content``."""

    start: int
    end: int
    content: str


class TextMap:
    """Where the rows of a text are, for Python's idea of a row: form feeds do not end one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._newlines = [match.span() for match in _NEWLINE.finditer(text)]
        self._starts = [0, *(end for _, end in self._newlines)]

    def offset(self, position: Position) -> int:
        """Return the offset of a position.

        Raises:
            InvalidEditError: there is no such row, or the row is not that long.
        """
        row, column = position.row, position.column
        if row == len(self._starts) + 1 and column == 1:
            # The place after a last line that has no newline, as deleting that line names it.
            return len(self._text)
        if not (1 <= row <= len(self._starts) and column >= 1):
            raise InvalidEditError(f"no row {row}, column {column}")
        offset = self._starts[row - 1] + column - 1
        last = self._newlines[row - 1][0] if row <= len(self._newlines) else len(self._text)
        if offset > last:
            raise InvalidEditError(f"row {row} has no column {column}")
        return offset

    def newline_near(self, offset: int) -> str:
        """Return how lines end where ``offset`` is."""
        if not self._newlines:
            return "\n"
        row = bisect_right(self._starts, offset) - 1
        start, end = self._newlines[min(row, len(self._newlines) - 1)]
        return self._text[start:end]

    def replacements(self, edits: Iterable[Edit]) -> tuple[Replacement, ...]:
        """Return the edits of one fix in offsets, in order, with the newlines of the text.

        Raises:
            InvalidEditError: an edit points outside the text, or two of them overlap.
        """
        found: list[Replacement] = []
        for edit in edits:
            start, end = self.offset(edit.range.start), self.offset(edit.range.end)
            if end < start:
                raise InvalidEditError("an edit ends before it starts")
            content = edit.content.replace("\r\n", "\n").replace("\n", self.newline_near(start))
            found.append(Replacement(start, end, content))
        found.sort(key=lambda one: one[:2])
        for before, after in pairwise(found):
            if after.start < before.end:
                raise InvalidEditError("edits of one fix overlap")
        return tuple(found)


class Plan:
    """Replacements that can be applied together because no two fixes touch."""

    def __init__(self) -> None:
        self._chosen: list[Replacement] = []
        self._fixes: set[tuple[Replacement, ...]] = set()

    def add(self, fix: tuple[Replacement, ...]) -> bool:
        """Take a fix in, whole, or leave the plan as it was.

        Args:
            fix: the replacements of one fix, as ``TextMap.replacements`` returns them.

        Returns:
            Whether the plan now does what the fix asks for.
        """
        if fix in self._fixes:
            return True
        new = [one for one in fix if not (self._has(one) and _may_be_shared(one))]
        if any(self._touches(one) for one in new):
            return False
        for one in new:
            # Insertions of one fix at one place keep the order in which the rule wrote them.
            insort(self._chosen, one, key=lambda chosen: chosen[:2])
        self._fixes.add(fix)
        return True

    def apply(self, text: str) -> str:
        """Return ``text`` with every replacement of the plan done."""
        parts: list[str] = []
        done = 0
        for start, end, content in self._chosen:
            parts += (text[done:start], content)
            done = end
        parts.append(text[done:])
        return "".join(parts)

    def _has(self, one: Replacement) -> bool:
        first = bisect_left(self._chosen, one[:2], key=lambda chosen: chosen[:2])
        last = bisect_right(self._chosen, one[:2], key=lambda chosen: chosen[:2])
        return one in self._chosen[first:last]

    def _touches(self, one: Replacement) -> bool:
        index = bisect_left(self._chosen, one[:2], key=lambda chosen: chosen[:2])
        neighbours = self._chosen[max(index - 1, 0) : index + 1]
        return any(one.start <= other.end and other.start <= one.end for other in neighbours)


def _may_be_shared(one: Replacement) -> bool:
    # Two fixes may both want the same import line or the same word replaced.  A parenthesis that
    # both want at one place is another matter: each needs its own.
    return one.start < one.end or one.content.endswith(("\n", "\r"))
