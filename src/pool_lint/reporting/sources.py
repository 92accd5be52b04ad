"""The lines of the files that findings point into."""

from __future__ import annotations

from collections.abc import Mapping

from pool_lint.syntax.source import Source, UnreadableSource, split_lines

# A finding shows a few files, and the next one mostly the same.
KEPT = 8


class Sources:
    """Reads a file when it is needed, which is when a report shows lines of it.

    Args:
        known: content that is not, or no longer, on disk, by the name of the file.
    """

    def __init__(self, known: Mapping[str, bytes] | None = None) -> None:
        self._known = dict(known or {})
        self._lines: dict[str, list[str]] = {}

    def lines(self, filename: str) -> list[str]:
        """Give the lines of a file.

        Args:
            filename: as findings name it.

        Returns:
            The lines without their ends; no lines at all if the file cannot be read.
        """
        lines = self._lines.get(filename)
        if lines is None:
            lines = [line.rstrip("\r\n") for line in split_lines(self.text(filename))]
            if len(self._lines) >= KEPT:
                self._lines.clear()
            self._lines[filename] = lines
        return lines

    def text(self, filename: str) -> str:
        """Give the text of a file.

        Args:
            filename: as findings name it.

        Returns:
            The decoded text, with replacement characters where it is not what it claims to be;
            an empty text if the file cannot be read.
        """
        data = self._known.get(filename)
        if data is None:
            try:
                with open(filename, "rb") as file:
                    data = file.read()
            except (OSError, ValueError):
                return ""
        try:
            return Source.read(data, filename).text
        except UnreadableSource:
            return data.decode("utf-8-sig", "replace")
