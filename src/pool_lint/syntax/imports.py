"""The imports of a file, read from its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FROM = re.compile(r"from[ \t]+([\w.]+)[ \t]+import[ \t]*(.*)", re.DOTALL)
_ALIAS = re.compile(r"([\w.]+)(?:[ \t]+as[ \t]+(\w+))?")
_COMMENT = re.compile(r"#[^\n]*")


def bound_by(statement: str) -> tuple[dict[str, str], str]:
    """What an import statement binds.

    Args:
        statement: its text.

    Returns:
        The dotted path of each name, and the module of ``from … import *``, empty for any other.
    """
    found = _FROM.match(statement)
    names = found[2] if found else statement[len("import ") :]
    if found and names.startswith("*"):
        return {}, found[1]
    base = f"{found[1]}{'' if found[1].endswith('.') else '.'}" if found else ""
    paths: dict[str, str] = {}
    for name, alias in _aliases(names):
        if found or alias:
            paths[alias or name] = base + name
        else:
            root = name.partition(".")[0]
            paths[root] = root
    return paths, ""


def _aliases(names: str) -> Iterator[tuple[str, str]]:
    """What is imported, with its other name."""
    if "#" in names:
        names = _COMMENT.sub("", names)
    names = names.strip("() \t\r\n")
    if "\\" in names or ";" in names:
        yield from ((match[1], match[2] or "") for match in _ALIAS.finditer(names))
        return
    for one in names.split(","):
        words = one.split()
        if words:
            yield words[0], words[2] if len(words) == 3 else ""


def import_lines(text: str) -> Iterator[str]:
    """The lines of a text with which an import begins."""
    place = text.find("import")
    while place >= 0:
        begin = text.rfind("\n", 0, place) + 1
        while begin and text[max(0, begin - 3) : begin].rstrip("\r\n")[-1:] == "\\":
            begin = text.rfind("\n", 0, begin - 1) + 1
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        line = text[begin:end]
        if line.lstrip().startswith(("import", "from")):
            yield line
        place = text.find("import", end)


def import_statements(text: str) -> Iterator[str]:
    """The imports that begin in the first column of a text, each with all of its lines."""
    for word in ("from ", "import "):
        begin = 0 if text.startswith(word) else text.find(f"\n{word}") + 1
        while begin or text.startswith(word):
            end = _statement_end(text, begin)
            yield text[begin:end]
            begin = text.find(f"\n{word}", end) + 1
            if not begin:
                break


def _statement_end(text: str, begin: int) -> int:
    """Where an import ends that may go on in brackets, or behind a backslash."""
    is_open = False
    while True:
        end = text.find("\n", begin)
        if end < 0:
            return len(text)
        line = text[begin:end].partition("#")[0].rstrip()
        is_open = (is_open or "(" in line) and ")" not in line
        if not is_open and not line.endswith("\\"):
            return end
        begin = end + 1
