"""The statements of a file as the screen sees them, those of class bodies one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pool_lint.syntax.outline import Part, open_quote, written_by

_QUOTES = ('"""', "'''")


class Unit:
    """A statement, or the header of a class whose members are units of their own.

    Args:
        begin: its first row.
        text: its lines.
        names: the names it gives a meaning, for a method also the attributes it writes.
        owner: the header of the class around it.

    Attributes:
        end: its last row.
        is_class: whether it is a class, with its members or without.
        is_header: whether it is a class without its members.
        is_import: whether it is an import statement.
        is_function: whether it is a function with a body on lines of its own.
        paths: for an import, the dotted path of each name.
        selected: whether it is to be parsed.
        written: the globals that a function writes, and the attributes that a method writes.
    """

    __slots__ = (
        "begin",
        "end",
        "is_class",
        "is_function",
        "is_header",
        "is_import",
        "names",
        "owner",
        "paths",
        "selected",
        "text",
        "written",
    )

    def __init__(self, begin: int, text: str, names: set[str], owner: Unit | None) -> None:
        self.begin = begin
        self.end = begin + text.count("\n") - text.endswith("\n")
        self.names = names
        self.owner = owner
        self.text = text
        self.is_class = False
        self.is_header = False
        self.is_import = False
        self.is_function = False
        self.selected = False
        self.written: set[str] = set()
        self.paths: dict[str, str] = {}

    @property
    def is_definition(self) -> bool:
        """Whether it is a function or a class."""
        return self.is_class or self.is_function

    @property
    def code(self) -> str:
        """Its text, of a function without the docstring; empty where it is only a string."""
        if not self.is_function:
            return "" if _is_string(self.text) else self.text
        begin = self.text.find(":\n", self.text.find("def ")) + 1
        body = self.text[begin:].lstrip()
        quotes = body[:3]
        if not begin or quotes not in _QUOTES:
            return self.text
        end = body.find(quotes, 3)
        return self.text[:begin] + body[end + 3 :] if end >= 0 else self.text

    @property
    def indent(self) -> str:
        """The white space that it begins with."""
        return self.text[: len(self.text) - len(self.text.lstrip())]


def units_of(parts: Iterable[Part], owner: Unit | None = None) -> Iterator[Unit]:
    """Take the statements of a file, and those of its classes, one by one.

    Args:
        parts: the statements.
        owner: the header of the class whose body they are.

    Returns:
        The units in order, without the comments and blank lines that follow them.
    """
    for part in parts:
        header, members = part.members() if part.kind == "class" else ("", [])
        text = header or _trimmed(part.text)
        if not text:
            continue
        star = {"*"} if part.star else set()
        unit = Unit(part.begin, text, part.names | part.called | star, owner)
        unit.is_class = part.kind == "class"
        unit.is_import = part.is_import
        unit.paths = part.paths
        unit.is_header = bool(header)
        if part.kind == "def" and "\n" in text[text.find("def ") :].rstrip():
            unit.is_function = True
            unit.written = written_by(text, owner is not None)
        yield unit
        if header:
            yield from units_of(members, unit)


def _is_string(text: str) -> bool:
    """Whether a statement is a docstring, or another string that is nothing else."""
    return text.lstrip()[:3] in _QUOTES and text.rstrip()[-3:] in _QUOTES


def _trimmed(text: str) -> str:
    """A statement without the comments and blank lines behind it; empty if nothing else is there."""
    quotes = max(text.rfind('"""'), text.rfind("'''"))
    end = len(text)
    while end:
        while end and text[end - 1].isspace():
            end -= 1
        begin = text.rfind("\n", 0, end) + 1
        if not text[begin:end].lstrip().startswith("#"):
            break
        if begin <= quotes and open_quote(text[:begin]):
            break
        end = begin
    if not end:
        return ""
    if text[end - 1] == "\\" and "#" not in text[begin:end]:
        # The line after it belongs to the statement, although nothing stands there.
        end = text.find("\n", end) + 1 or end
    stop = text.find("\n", end) + 1
    return text[:stop] if stop else text
