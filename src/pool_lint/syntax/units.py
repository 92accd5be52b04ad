"""A file as statements, and class bodies as statements of their own."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from pool_lint.syntax.imports import bound_by

# Patterns that begin with a literal are found many times faster.
_SELF_WRITES = re.compile(r"self\.(\w+)\s*(?::[^=\n]+)?=(?!=)").findall
_CLASS_WRITES = re.compile(r"cls\.(\w+)\s*(?::[^=\n]+)?=(?!=)").findall
_GLOBALS = re.compile(r"^[ \t]+global[ \t]+(.+)", re.MULTILINE).findall
_NAMES = re.compile(r"\w+").findall
# How a line ends that goes on in the next.
BACKSLASH = ("\\\n", "\\\r\n", "\\\r")
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
_Compound = (ast.If, ast.For, ast.While, ast.With, ast.Try)


class Unit:
    """A statement, or the header of a class whose members are units of their own.

    Attributes:
        begin, end: its first and last row.
        names: the names it gives a meaning, for a method also the attributes it writes.
        owner: the header of the class around it.
        text: its lines.
        is_class: whether it is a class, with its members or without.
        is_header: whether it is a class without its members.
        is_import: whether it is an import statement.
        body: the row where the body of a function begins; 0 for anything else.
        selected: whether it is to be parsed.
        written: the globals that a function writes, and the attributes that a method writes.
    """

    __slots__ = (
        "_paths",
        "begin",
        "body",
        "end",
        "is_class",
        "is_header",
        "is_import",
        "names",
        "owner",
        "selected",
        "text",
        "written",
    )

    def __init__(
        self, begin: int, end: int, names: set[str], owner: Unit | None, lines: list[str]
    ) -> None:
        self.begin = begin
        self.end = end
        self.names = names
        self.owner = owner
        self.text = "".join(lines[begin - 1 : end])
        self.is_class = False
        self.is_header = False
        self.is_import = lines[begin - 1].lstrip().startswith(("import ", "from "))
        self.body = 0
        self.selected = False
        self.written: set[str] = set()
        self._paths: dict[str, str] | None = None

    @property
    def is_definition(self) -> bool:
        """Whether it is a function or a class."""
        return self.is_class or bool(self.body)

    @property
    def paths(self) -> dict[str, str]:
        """The dotted path of each name that an import binds."""
        if self._paths is None:
            self._paths = bound_by(self.text.lstrip())[0]
        return self._paths

    @property
    def indent(self) -> str:
        """The white space that it begins with."""
        return self.text[: len(self.text) - len(self.text.lstrip())]


def units_of(
    body: list[ast.stmt],
    lines: list[str],
    owner: Unit | None = None,
    whole_classes: bool = False,
) -> Iterator[Unit]:
    """Cut a body into units; statements that share a line stay together.

    Args:
        body: the statements.
        lines: the lines of the file, with their endings.
        owner: the header of the class whose body it is.
        whole_classes: whether a class is one unit.
    """
    last: Unit | None = None
    for statement in body:
        begin = _first_row(statement)
        end = statement.end_lineno or begin
        if lines[end - 1].endswith(BACKSLASH):
            end = _continued(statement, end, lines)
        names = _defined(statement)
        if last is not None and begin <= last.end:
            last.end = max(last.end, end)
            last.names |= names
            last.text = "".join(lines[last.begin - 1 : last.end])
            last.body = 0
            continue
        if last is not None:
            yield last
            last = None
        is_class = isinstance(statement, ast.ClassDef)
        if (
            isinstance(statement, ast.ClassDef)
            and not whole_classes
            and _is_cut_from_header(statement.body[0], lines)
        ):
            header = Unit(begin, _first_row(statement.body[0]) - 1, names, owner, lines)
            header.is_class = header.is_header = True
            yield header
            yield from units_of(statement.body, lines, header)
            continue
        last = Unit(begin, end, names, owner, lines)
        last.is_class = is_class
        if isinstance(statement, _Function):
            first = _first_row(statement.body[0])
            last.body = first if first > statement.lineno else 0
            last.written = written_by(last.text, owner is not None)
            last.names |= last.written
    if last is not None:
        yield last


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


def _first_row(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", None)
    return min(decorators[0].lineno, statement.lineno) if decorators else statement.lineno


def _continued(statement: ast.stmt, row: int, lines: list[str]) -> int:
    """The row where the line of a statement ends that ends in ``row`` before a backslash."""
    rest = lines[row - 1].encode()[statement.end_col_offset :]
    while rest.strip(b"; \t\f\r\n") == b"\\" and row < len(lines):
        row += 1
        rest = lines[row - 1].encode()
    return row


def _is_cut_from_header(first: ast.stmt, lines: list[str]) -> bool:
    """Whether a body begins on a line of its own, given its first statement."""
    before = lines[first.lineno - 1][: first.col_offset]
    return not before.strip() and not lines[_first_row(first) - 2].endswith(BACKSLASH)


def _defined(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (*_Function, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        named = [node for target in targets for node in ast.walk(target)]
        return {node.id for node in named if isinstance(node, ast.Name)}
    if isinstance(statement, ast.Expr):
        return _configured(statement.value)
    if sys.version_info >= (3, 12) and isinstance(statement, ast.TypeAlias):
        return {statement.name.id}
    return {
        name
        for inner in ast.walk(statement)
        if isinstance(inner, ast.stmt) and inner is not statement
        if not isinstance(inner, _Compound)
        for name in _defined(inner)
    }  # fmt: skip


def _configured(expression: ast.expr) -> set[str]:
    """``OPTIONS.update(...)`` changes what OPTIONS means."""
    while isinstance(expression, (ast.Call, ast.Attribute, ast.Subscript)):
        expression = expression.func if isinstance(expression, ast.Call) else expression.value
    return {expression.id} if isinstance(expression, ast.Name) else set()
