"""A parsed file: nodes, and where they stand in the text."""

from __future__ import annotations

from bisect import bisect_right
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from libcst import CSTNode, Module
from libcst._nodes.internal import CodegenState

from pool_lint.findings import Position, Range
from pool_lint.syntax.room import somehow
from pool_lint.syntax.source import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.syntax.source import Source

_BLANKS = " \t"
_OPENERS = ("def ", "async ", "class ", "if ", "for ", "while ", "with ", "try:", "else:")


class Tree:
    """The concrete syntax tree of what matters in a file.

    Attributes:
        source: the file.
        module: the libcst module of the selected statements.
        seeds: the names of the functions that may hold a finding; None for all of them.
        monsters: the rows of statements that were left out because no parser can be given them.
    """

    __slots__ = ("_extents", "_rows", "_starts", "_text", "module", "monsters", "seeds", "source")

    def __init__(
        self,
        source: Source,
        module: Module,
        text: str,
        rows: list[int] | None = None,
        monsters: list[int] | None = None,
    ) -> None:
        self.monsters = monsters or []
        self.seeds: frozenset[str] | None = None
        self.source = source
        self.module = module
        self._text = text
        self._rows = rows
        self._extents: dict[int, tuple[int, int]] = {}
        self._starts: list[int] = []

    def range_of(self, node: CSTNode) -> Range:
        """Where a node stands in the file, without the blanks around it.

        The first call prices every node of the file; files without findings never pay it.
        """
        begin, end = self._extent(node)
        return Range(self._position(begin), self._position(end))

    @property
    def step(self) -> str:
        """By how much the file indents a block."""
        for previous, line in pairwise(self.source.lines):
            if previous.startswith(_OPENERS) and previous.rstrip().endswith(":"):
                body = line.lstrip(_BLANKS)
                if body.strip() and body != line:
                    return line[: len(line) - len(body)]
        return "    "

    def text_of(self, node: CSTNode) -> str:
        """The text of a node as it is written."""
        begin, end = self._extent(node)
        return self._text[begin:end]

    def says(self, *words: str) -> bool:
        """Whether one of ``words`` occurs in the text."""
        return any(word in self._text for word in words)

    @property
    def present(self) -> frozenset[int]:
        """The rows of the file that were parsed."""
        return frozenset(self._rows or ())

    @property
    def newline(self) -> str:
        """How lines end in this file."""
        return self.module.default_newline

    def indent_of(self, row: int) -> str:
        """The white space that a line begins with."""
        line = self.source.lines[row - 1]
        return line[: len(line) - len(line.lstrip())]

    def begins_line(self, node: CSTNode) -> bool:
        """Whether nothing but white space stands before a node on its line."""
        start = self.range_of(node).start
        return not self.source.lines[start.row - 1][: start.column - 1].strip()

    def rows_of(self, statement: CSTNode) -> Range:
        """The whole lines of a statement, with what they end in."""
        place = self.range_of(statement)
        return Range(Position(place.start.row, 1), Position(place.end.row + 1, 1))

    def whole_lines_of(self, statement: CSTNode) -> list[str] | None:
        """The lines of a statement, or None where it shares them with another."""
        place = self.range_of(statement)
        lines = self.source.lines[place.start.row - 1 : place.end.row]
        rest = lines[-1][place.end.column - 1 :].strip()
        if not self.begins_line(statement) or (rest and not rest.startswith("#")):
            return None
        return lines

    def end_of_row(self, row: int) -> Position:
        """The position behind the last character of a line that has no ending."""
        return Position(row, len(self.source.lines[row - 1].rstrip("\r\n")) + 1)

    def _extent(self, node: CSTNode) -> tuple[int, int]:
        self._measure()
        return self._extents[id(node)]

    def _measure(self) -> None:
        if self._starts:
            return
        self._extents = somehow(self._priced)
        self._starts = [0]
        for line in split_lines(self._text)[:-1]:
            self._starts.append(self._starts[-1] + len(line))

    def _priced(self) -> dict[int, tuple[int, int]]:
        state = _Extents(self.module.default_indent, self.module.default_newline)
        self.module._codegen(state)
        return state.extents

    def _position(self, offset: int) -> Position:
        index = bisect_right(self._starts, offset) - 1
        row = index + 1 if self._rows is None else self._rows[index]
        return Position(row, offset - self._starts[index] + 1)


class _Extents(CodegenState):
    """Prints a module and notes where each node begins and ends."""

    def __init__(self, default_indent: str, default_newline: str) -> None:
        super().__init__(default_indent, default_newline)
        self.extents: dict[int, tuple[int, int]] = {}
        self._offset = 0
        self._begun: list[int] = []

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self._offset += len(token)

    def add_token(self, value: str) -> None:
        self._offset += len(value)

    def before_codegen(self, node: CSTNode) -> None:
        self._begun.append(self._offset)

    def after_codegen(self, node: CSTNode) -> None:
        begin = self._begun.pop()
        self.extents.setdefault(id(node), (begin, self._offset))

    @contextmanager
    def record_syntactic_position(
        self,
        node: CSTNode,
        *,
        start_node: CSTNode | None = None,
        end_node: CSTNode | None = None,
    ) -> Iterator[None]:
        begin = self._offset
        yield
        end = self._offset
        if start_node is not None:
            begin = self.extents[id(start_node)][0]
        if end_node is not None:
            end = self.extents[id(end_node)][1]
        self.extents[id(node)] = (begin, end)
