"""Lines of source with marks under them."""

from __future__ import annotations

from collections.abc import Iterator

from pool_lint.findings import Range
from pool_lint.reporting.terminal import Paint, cells

CONTEXT = 2
MAX_ROWS = 8
MAX_COLUMNS = 200
_BEFORE_MARK = 40


class Mark:
    """One range to be marked, and what is said of it.

    Args:
        where: the range.
        role: the colour of the mark.
        sign: what underlines it.
        label: stands after the underline.
    """

    __slots__ = ("label", "role", "sign", "where")

    def __init__(self, where: Range, role: str, sign: str, label: str = "") -> None:
        self.where = where
        self.role = role
        self.sign = sign
        self.label = label

    @property
    def many(self) -> bool:
        """Whether the range reaches over several lines."""
        return self.where.end.row > self.where.start.row


class Frame:
    """Draws the lines around a finding.

    Args:
        lines: the lines of the file.
        first: the mark of the finding itself; if it reaches over several lines it gets a bar at
            the side of them.
        others: marks of single places; of a longer range only the first line is marked.
        paint: the colours.
        context: how many lines around the first mark are shown.
    """

    def __init__(
        self,
        lines: list[str],
        first: Mark,
        others: list[Mark],
        paint: Paint,
        context: int = CONTEXT,
    ) -> None:
        self._lines = lines
        self._first = first
        self._others = others
        self._paint = paint
        self._rows = self._chosen_rows(context)

    @property
    def margin(self) -> int:
        """How wide the line numbers are."""
        return len(str(self._rows[-1])) if self._rows else 1

    def draw(self, margin: int) -> Iterator[str]:
        """Draw the frame.

        Args:
            margin: how wide the line numbers are to be.

        Yields:
            Its lines, none if the file has not the lines that are marked.
        """
        if not self._rows:
            return
        bar = self._paint("note", "|")
        empty = f"{' ' * margin} {bar}"
        yield empty
        before = self._rows[0] - 1
        for row in self._rows:
            if row > before + 1:
                yield self._paint("note", "...")
            before = row
            number = self._paint("note", str(row).rjust(margin))
            head, focus = self._cut(row)
            text, columns = cells(head)
            yield f"{number} {bar} {self._side(row)}{text}".rstrip()
            for under in self._underlines(row, focus, columns):
                yield f"{empty} {under}"
        yield empty

    def _chosen_rows(self, context: int) -> list[int]:
        count = len(self._lines)
        begin, end = self._first.where.start.row, self._first.where.end.row
        if not 1 <= begin <= count:
            return []
        end = min(end, count)
        inside = list(range(begin, end + 1))
        if len(inside) > MAX_ROWS:
            inside = [*inside[: MAX_ROWS // 2], *inside[-2:]]
        before = self._trimmed(range(max(1, begin - context), begin))
        after = self._trimmed(range(end + 1, min(count, end + context) + 1))
        rows = {*before, *inside, *after}
        rows.update(mark.where.start.row for mark in self._others)
        rows = {row for row in rows if 1 <= row <= count}
        # A gap mark would take as much room as the one line that it stands for.
        rows.update(row + 1 for row in list(rows) if row + 2 in rows)
        return sorted(rows)

    def _trimmed(self, rows: range) -> list[int]:
        """Drop blank lines from the far end of a context, which are its first or last ones."""
        kept = list(rows)
        if kept and kept[0] < self._first.where.start.row:
            while kept and not self._lines[kept[0] - 1].strip():
                kept.pop(0)
        else:
            while kept and not self._lines[kept[-1] - 1].strip():
                kept.pop()
        return kept

    def _cut(self, row: int) -> tuple[str, int]:
        """Give the part of a line that fits, and how many characters come before it."""
        line = self._lines[row - 1]
        if len(line) <= MAX_COLUMNS:
            return line, 0
        starts = [mark.where.start for mark in (self._first, *self._others)]
        column = min((start.column for start in starts if start.row == row), default=1)
        begin = max(0, column - 1 - _BEFORE_MARK)
        end = begin + MAX_COLUMNS
        head = "…" if begin else ""
        return head + line[begin:end] + ("…" if end < len(line) else ""), begin - len(head)

    def _side(self, row: int) -> str:
        where = self._first.where
        if not self._first.many:
            return ""
        if row == where.start.row and self._begins_line():
            sign = "/"
        else:
            sign = "|" if where.start.row < row <= where.end.row else " "
        return self._paint(self._first.role, sign) + " "

    def _begins_line(self) -> bool:
        start = self._first.where.start
        return not self._lines[start.row - 1][: start.column - 1].strip()

    def _underlines(self, row: int, skipped: int, columns: list[int]) -> Iterator[str]:
        where = self._first.where
        side = ""
        if self._first.many:
            side = self._side(row) if where.start.row < row < where.end.row else "  "
            if row == where.start.row and not self._begins_line():
                yield " " + self._bar(columns, where.start.column - skipped)
            if row == where.start.row:
                side = self._paint(self._first.role, "|") + " "
            if row == where.end.row:
                last = max(1, where.end.column - 1 - skipped)
                yield self._paint(self._first.role, "|") + self._bar(columns, last)
        elif row == where.start.row:
            yield self._underline(self._first, skipped, columns)
        for mark in self._others:
            if mark.where.start.row == row:
                yield side + self._underline(mark, skipped, columns)

    def _bar(self, columns: list[int], column: int) -> str:
        at = columns[min(max(column - 1, 0), len(columns) - 1)]
        return self._paint(self._first.role, "_" * (at + 1) + self._first.sign)

    def _underline(self, mark: Mark, skipped: int, columns: list[int]) -> str:
        last = len(columns) - 1
        begin = min(max(mark.where.start.column - 1 - skipped, 0), last)
        end = last if mark.many else min(max(mark.where.end.column - 1 - skipped, begin), last)
        width = max(1, columns[end] - columns[begin])
        label = f" {mark.label}" if mark.label else ""
        return " " * columns[begin] + self._paint(mark.role, mark.sign * width + label)
