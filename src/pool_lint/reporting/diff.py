"""What fixes would change, as a unified diff."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from pool_lint.reporting.terminal import Paint, safe
from pool_lint.syntax.source import Source, UnreadableSource, split_lines

_ROLES = {"---": "bold", "+++": "bold", "@@ ": "note"}


def render(
    filename: str, before: bytes, after: bytes, *, colour: bool = False, shown: bool = False
) -> Iterator[str]:
    """Write the difference between two versions of a file.

    Args:
        filename: the name that the diff gives to both.
        before: its content.
        after: what its content would be.
        colour: whether the terminal takes colours.
        shown: whether a terminal shows it, which must not obey what is in the file; otherwise
            the diff is exact and can be applied.

    Yields:
        The diff in pieces that end as the lines of the file end.
    """
    paint = Paint(colour)
    old, new = (split_lines(_text(data)) for data in (before, after))
    for line in unified_diff(old, new, filename, filename):
        body = line.rstrip("\r\n")
        end = line[len(body) :]
        if shown:
            body = "\t".join(safe(part) for part in body.split("\t"))
        role = _ROLES.get(body[:3]) or {"+": "fix", "-": "error"}.get(body[:1], "")
        yield (paint(role, body) if role else body) + end
        if not line.endswith(("\r", "\n")):
            yield "\n\\ No newline at end of file\n"


def _text(data: bytes) -> str:
    try:
        return Source.read(data).text
    except UnreadableSource:
        return data.decode("utf-8", "replace")
