"""The top-level statements of a file and the names they bind, without parsing it.

A file that is only imported is asked for a few of its names.  Where its statements begin shows in
its first column; what that misjudges fails to parse later, and is then unknown.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable

from pool_lint.syntax.imports import bound_by
from pool_lint.syntax.source import split_lines
from pool_lint.syntax.units import BACKSLASH, written_by

# A line that begins with one of these goes on with the statement before it.
_CONTINUES = frozenset(" \t\r\n\f#)]}")
_DEFINITION = re.compile(r"(?:async[ \t]+)?(def|class)[ \t]+(\w+)")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=(?!=)")
_CHANGE = re.compile(r"([A-Za-z_]\w*)(?:\.\w+\(|\[)")
_TYPE_ALIAS = re.compile(r"type[ \t]+(\w+)[ \t]*[=\[]")
_CLASS = re.compile(r"^class\b", re.MULTILINE).search
_HEADER = re.compile(r"#[^\n]*|\"[^\"\n]*\"|'[^'\n]*'|[()\[\]{}:]").finditer
_LATER = ("else:", "else ", "elif ", "except", "finally")


class Part:
    """One top-level statement.

    Attributes:
        begin: its first row.
        text: its lines.
        names: the names it binds.
        kind: def, class, import or other.
        star: the module of ``from … import *``, else empty.
        paths: for an import, the dotted path of each name.
        is_async: whether it is an ``async def``.
    """

    __slots__ = ("begin", "is_async", "kind", "names", "paths", "star", "text")

    def __init__(self, begin: int, text: str) -> None:
        self.begin = begin
        self.text = text
        self.star = ""
        self.paths: dict[str, str] = {}
        self.is_async = False
        self.kind, self.names = self._read()

    @property
    def is_import(self) -> bool:
        """Whether it is an import statement."""
        return self.kind == "import"

    @property
    def is_definition(self) -> bool:
        """Whether it is a function or a class."""
        return self.kind in ("def", "class")

    @property
    def body(self) -> str:
        """The text of a function behind its signature."""
        end = self.text.find(":\n", self.text.find("def "))
        return self.text[end + 1 :] if end >= 0 else self.text

    @property
    def header(self) -> str:
        """The text of a class before its body."""
        head = self._head()
        return head[: _header_end(head)]

    def says(self, words: Iterable[str]) -> bool:
        """Whether one of ``words`` occurs in the text."""
        return any(word in self.text for word in words)

    def _head(self) -> str:
        """The text behind the decorators."""
        text = self.text
        while text.startswith("@"):
            end = _decorator_end(text)
            text = text[end:]
        return text

    def _read(self) -> tuple[str, set[str]]:
        head = self._head()
        found = _DEFINITION.match(head)
        if found:
            written = written_by(self.text, False) if found[1] == "def" else set()
            self.is_async = found[1] == "def" and head.startswith("async")
            return found[1], {found[2], *written}
        if head.startswith(("import ", "from ")):
            self.paths, self.star = bound_by(head)
            return "import", set(self.paths)
        found = _ASSIGNMENT.match(head) or _CHANGE.match(head) or _TYPE_ALIAS.match(head)
        if found:
            return "other", {found[1]}
        return "other", _compound_names(head) if head[:1].isalpha() else set()

    def members(self) -> tuple[str, list[Part]]:
        """The header of a class and the statements of its body.

        Returns:
            The header's text, empty where the class cannot be cut; the members, each with its
            text as it stands in the file.
        """
        end = _header_end(self.text)
        lines = split_lines(self.text[end:])
        first = next((line for line in lines if line.strip() and line[:1] in " \t"), "")
        indent = first[: len(first) - len(first.lstrip())]
        if not end or not indent:
            return "", []
        row = self.begin + self.text.count("\n", 0, end)
        bare = [
            line[len(indent) :] if line.startswith(indent) else line.lstrip(" \t") for line in lines
        ]
        parts = outline(bare)
        for part in parts:
            count = part.text.count("\n") or 1
            part.text = "".join(lines[part.begin - 1 : part.begin - 1 + count])
            part.begin += row - 1
            part.names |= written_by(part.text, True)
        return self.text[:end], parts


def outline(lines: list[str]) -> list[Part]:
    """Cut a file into its top-level statements.

    Args:
        lines: the lines of the file, with their endings.

    Returns:
        The statements in order; where a string over several lines has text in its first column,
        its pieces are put together again.
    """
    parts: list[Part] = []
    begin, held = 0, False
    for row, line in enumerate(lines):
        if line[:1] in _CONTINUES:
            continue
        if held or line.startswith(_LATER):
            held = held and line.startswith("@")
            continue
        if row > begin:
            text = "".join(lines[begin:row])
            if _is_open(text):
                continue
            parts.append(Part(begin + 1, text))
        begin, held = row, line.startswith("@")
    if begin < len(lines):
        parts.append(Part(begin + 1, "".join(lines[begin:])))
    return parts


def _is_open(text: str) -> bool:
    if text.endswith(BACKSLASH) and "#" not in split_lines(text)[-1]:
        return True
    return bool(text.count('"""') % 2 or text.count("'''") % 2)


def _decorator_end(text: str) -> int:
    """Where the first decorator of ``text`` ends."""
    depth = 0
    for index, char in enumerate(text):
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "\n" and depth <= 0:
            return index + 1
    return len(text)


def _header_end(text: str) -> int:
    """Where the header of a class ends, 0 where its body stands on the same line."""
    begin = _CLASS(text)
    depth = 0
    for match in _HEADER(text, begin.start() if begin else 0):
        mark = match[0]
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif mark == ":" and depth == 0:
            stop = text.find("\n", match.end()) + 1
            rest = text[match.end() : stop].strip()
            return stop if not rest or rest.startswith("#") else 0
    return 0


def _compound_names(text: str) -> set[str]:
    """The names bound below ``if``, ``try`` and the like."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(a.asname or a.name).partition(".")[0] for a in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names
