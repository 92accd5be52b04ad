"""The top-level statements of a file and the names they bind, without parsing it.

Most statements of a file matter to nobody, and where they begin shows in the first column: that is
found many times faster than by any parser.  What it misjudges fails to parse later.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable

from pool_lint.syntax.imports import bound_by
from pool_lint.syntax.source import split_lines

# How a line ends that goes on in the next.
_BACKSLASH = ("\\\n", "\\\r\n", "\\\r")
# A line that begins with one of these goes on with the statement before it.
_CONTINUES = frozenset(" \t\r\n#)]}")
# A line that ends with one of these, or the next that begins so, may be within brackets.
_GOING_ON = frozenset("([{,=+-*/|&%<>.")
_ODD_BEGINNINGS = frozenset("\"'([{+-*/|&%<>.0123456789")
_DEFINITION = re.compile(r"(?:async[ \t]+)?(def|class)[ \t]+(\w+)")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=(?!=)(?![ \t]*[\w.]+[ \t]*=(?!=))")
_CHANGE = re.compile(r"([A-Za-z_]\w*)(?:\.\w+\(|\[)")
_TYPE_ALIAS = re.compile(r"type[ \t]+(\w+)[ \t]*[=\[]")
_CLASS = re.compile(r"^[ \t]*class\b", re.MULTILINE).search
_STRING = r"""\"{3}(?:\\[\s\S]|[^\\])*?\"{3}|'{3}(?:\\[\s\S]|[^\\])*?'{3}"""
_SHORT_STRING = r"""\"(?:\\[\s\S]|[^\"\\\n])*\"|'(?:\\[\s\S]|[^'\\\n])*'"""
_QUOTES = re.compile(rf"""#[^\n]*|{_STRING}|(\"{{3}}|'{{3}})|{_SHORT_STRING}""").finditer
_MARKS = re.compile(rf"""#[^\n]*|{_STRING}|{_SHORT_STRING}|[()\[\]{{}}:\n]""").finditer
_LATER = re.compile(r"(?:else|elif|except|finally)\b").match

# Patterns that begin with a literal are found many times faster.
_SELF_WRITES = re.compile(r"self\.(\w+)\s*(?::[^=\n]+)?=(?!=)").findall
_CLASS_WRITES = re.compile(r"cls\.(\w+)\s*(?::[^=\n]+)?=(?!=)").findall
_GLOBALS = re.compile(r"^[ \t]+global[ \t]+(.+)", re.MULTILINE).findall
_NAMES = re.compile(r"\w+").findall


class Part:
    """One top-level statement.

    Attributes:
        begin: its first row.
        text: its lines.
        names: the names it binds.
        called: the names of functions that it calls, and of objects that it calls or writes on.
        kind: def, class, import or other.
        star: the module of ``from … import *``, else empty.
        paths: for an import, the dotted path of each name.
        is_async: whether it is an ``async def``.
    """

    __slots__ = ("begin", "called", "is_async", "kind", "names", "paths", "star", "text")

    def __init__(self, begin: int, text: str) -> None:
        self.begin = begin
        self.text = text
        self.star = ""
        self.paths: dict[str, str] = {}
        self.called: set[str] = set()
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
        begin = self.text.find("def ")
        ends = [end for ending in ("\n", "\r") if (end := self.text.find(f":{ending}", begin)) >= 0]
        return self.text[min(ends) + 1 :] if ends else self.text

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
        text = text.lstrip("\f")
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
        if found and ";" not in head:
            return "other", {found[1]}
        if ";" in head or head[:1].isidentifier() or head[:1] in "([*":
            names, self.called = _parsed_names(head)
            return "other", names
        return "other", set()

    def members(self) -> tuple[str, list[Part]]:
        """The header of a class and the statements of its body.

        Returns:
            The header's text, empty where the class cannot be cut; the members, each with its
            text as it stands in the file.
        """
        end = _header_end(self.text)
        lines = split_lines(self.text[end:])
        first = next((line for line in lines if line[:1] in " \t" and _says_code(line)), "")
        indent = first[: len(first) - len(first.lstrip())]
        if not end or not indent:
            return "", []
        row = self.begin + self.text.count("\n", 0, end)
        bare = [
            line[len(indent) :] if line.startswith(indent) else line.lstrip(" \t") for line in lines
        ]
        parts = outline(bare)
        for part in parts:
            count = part.text.count("\n") + (not part.text.endswith("\n"))
            part.text = "".join(lines[part.begin - 1 : part.begin - 1 + count])
            part.begin += row - 1
            if part.kind == "def":
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
    begin, held, quote = 0, False, ""
    for row, line in enumerate(lines):
        if quote:
            quote = "" if quote in line else quote
            continue
        if line[:1] in _CONTINUES or (line[:1] == "\f" and line.lstrip("\f")[:1] in _CONTINUES):
            continue
        if held or _LATER(line):
            held = held and line.startswith("@")
            continue
        if row > begin:
            text = "".join(lines[begin:row])
            quote = open_quote(text)
            if quote:
                quote = "" if quote in line else quote
                continue
            if _is_open(text, line):
                continue
            parts.append(Part(begin + 1, text))
        begin, held = row, line.startswith("@")
    if begin < len(lines):
        parts.append(Part(begin + 1, "".join(lines[begin:])))
    return parts


def open_quote(text: str) -> str:
    """The quotes of the string over several lines that a text ends in; empty if it ends in none.

    Args:
        text: one or more statements, of which the last may not be whole.
    """
    if text.count('"""') % 2 or text.count("'''") % 2:
        for match in _QUOTES(text):
            if match[1]:
                return match[1]
    return ""


def _is_open(text: str, line: str) -> bool:
    """Whether a statement goes on in the line behind it, that begins in the first column."""
    last = text[text.rstrip().rfind("\n") + 1 :]
    if last.lstrip().startswith("#"):
        return False
    if text.endswith(_BACKSLASH) and "#" not in last:
        return True
    if line[:1] in _ODD_BEGINNINGS or last.rstrip()[-1:] in _GOING_ON:
        return sum(map(text.count, "([{")) > sum(map(text.count, ")]}"))
    return False


def _says_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def written_by(text: str, is_method: bool) -> set[str]:
    """The names outside itself that a function gives a meaning."""
    found: set[str] = set()
    if "global " in text:
        found.update(name for line in _GLOBALS(text) for name in _NAMES(line))
    if is_method and "self." in text:
        found.update(_SELF_WRITES(text))
    if is_method and "cls." in text:
        found.update(_CLASS_WRITES(text))
    return found


def _decorator_end(text: str) -> int:
    """Where the first decorator of ``text`` ends, with the comments behind it."""
    depth = 0
    for match in _MARKS(text):
        mark = match[0]
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif mark == "\n" and depth <= 0:
            end = match.end()
            while text[end:].lstrip().startswith("#"):
                end = text.find("\n", end + len(text[end:]) - len(text[end:].lstrip())) + 1
            return end + len(text[end:]) - len(text[end:].lstrip())
    return len(text)


def _header_end(text: str) -> int:
    """Where the header of a class ends, 0 where its body stands on the same line."""
    begin = _CLASS(text)
    depth = 0
    for match in _MARKS(text, begin.start() if begin else 0):
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


def _parsed_names(text: str) -> tuple[set[str], set[str]]:
    """The names that statements bind, also below ``if``, ``try`` and the like, and those they call."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pending: list[ast.AST] = [ast.parse(text)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(), set()
    names: set[str] = set()
    called: set[str] = set()
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(a.asname or a.name).partition(".")[0] for a in node.names}
            continue
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            # What is bound in there is no name of the file.
            names.add(node.name)
            continue
        pending += ast.iter_child_nodes(node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, (ast.Expr, ast.Attribute, ast.Subscript)):
            called |= _touched(node)
    return names, called


def _touched(node: ast.Expr | ast.Attribute | ast.Subscript) -> set[str]:
    """``OPTIONS.update(...)`` and ``OPTIONS.x = y`` change what OPTIONS means."""
    if not (isinstance(node, ast.Expr) or isinstance(node.ctx, ast.Store)):
        return set()
    inner = node.value
    while isinstance(inner, (ast.Call, ast.Attribute, ast.Subscript)):
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return {inner.id} if isinstance(inner, ast.Name) else set()
