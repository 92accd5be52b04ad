"""Text on a terminal: colours, and nothing from a file that the terminal would obey."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

TAB = 4
_CODES = {
    "bold": "1",
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "note": "1;34",
    "fix": "36",
}


class Paint:
    """Puts colours around words, or leaves them alone.

    Args:
        on: whether there are colours.
    """

    __slots__ = ("_on",)

    def __init__(self, on: bool) -> None:
        self._on = on

    def __call__(self, role: str, text: str) -> str:
        """Colour a text.

        Args:
            role: ``bold``, ``error``, ``warning``, ``info``, ``note`` or ``fix``.
            text: what is coloured.

        Returns:
            The text, with escape sequences if there are colours.
        """
        if not (self._on and text):
            return text
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m"


def safe(text: str) -> str:
    """Make a text harmless for a terminal.

    Args:
        text: from a file, a file name or a message.

    Returns:
        The text with control characters, direction marks, lone surrogates and whatever else does
        not print written as escapes.
    """
    return text if text.isprintable() else "".join(map(_cell, text))


def cells(line: str) -> tuple[str, list[int]]:
    """Lay a line of source out on a terminal.

    Args:
        line: without its line end.

    Returns:
        The line with tabs expanded and made harmless, and the column at which each character
        begins, counted from 0, with the column after the last one at the end.
    """
    if line.isascii() and line.isprintable():
        return line, list(range(len(line) + 1))
    shown: list[str] = []
    columns: list[int] = []
    column = 0
    for char in line:
        columns.append(column)
        cell = " " * (TAB - column % TAB) if char == "\t" else _cell(char)
        shown.append(cell)
        column += _width(cell)
    columns.append(column)
    return "".join(shown), columns


def _cell(char: str) -> str:
    return char if char.isprintable() else char.encode("unicode_escape").decode("ascii")


def _width(cell: str) -> int:
    if cell.isascii():
        return len(cell)
    if combining(cell):
        return 0
    return 2 if east_asian_width(cell) in "WF" else 1
