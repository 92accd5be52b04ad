"""Comments that silence findings: flake8's ``noqa`` and our own ``pool-lint: ignore``.

Read only for files that have findings or name rules of ours, because telling comments from strings
means tokenizing.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from pool_lint.findings import Finding, Range

# What follows flake8 here follows it to the letter, surprises included (the code of a noqa is
# case-sensitive, a noqa in a string counts, one at a closing bracket does not cover the opening
# line), because a finding must not come and go with the surface that shows it.
_NOQA = re.compile(r"# noqa(?::\s?(?P<codes>(?:[a-z]+[0-9]+[,\s]*)+))?", re.IGNORECASE)
_NOQA_FILE = re.compile(r"^[^\S\n]*# flake8[:=]\s*noqa", re.IGNORECASE | re.MULTILINE)
# A bracket left open still names codes: silencing every rule is not what was meant.
_PRAGMA = re.compile(
    r"#\s*pool-lint:\s*(?P<kind>ignore-file|ignore)\b(?!-)(?:\s*\[(?P<codes>[^\]]*))?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[,\s]+")
_WORD = re.compile(r"[^,\s]+")
# Found on a comment: no comment silences what is said of itself, unless it says so.
_OF_COMMENTS = frozenset(("POOL900", "POOL901"))
_LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


class _Rows(NamedTuple):
    first: int
    last: int


class _Comment(NamedTuple):
    row: int
    # Counted from 0.
    column: int
    text: str
    alone: bool
    # Whether a statement is still open where the comment stands, inside brackets.
    inside: bool


class Silencer(NamedTuple):
    """A comment, or a part of one, that silences rules.

    Attributes:
        row: its row, counted from 1.
        start: where its ``#`` stands in the row, counted from 0.
        end: where it ends; what follows in the row is the author's reason, or another comment.
        rows: the first and the last row that it speaks of; None for the whole file.
        words: what it names, each with the column where it begins; None for every rule.
        is_noqa: whether it is flake8's, and may name what is none of ours.
        opening: where the whole comment begins in the row.
        alone: whether nothing but the comment stands in the row.
    """

    row: int
    start: int
    end: int
    rows: tuple[int, int] | None
    words: tuple[tuple[str, int], ...] | None
    is_noqa: bool
    opening: int
    alone: bool


class _Pragma(NamedTuple):
    """``rows`` is None for a whole file, ``codes`` is None for every rule."""

    rows: _Rows | None
    codes: tuple[str, ...] | None

    def hides(self, finding: Finding) -> bool:
        row = finding.range.start.row
        if self.rows is not None and not self.rows.first <= row <= self.rows.last:
            return False
        if self.codes is None:
            return finding.code not in _OF_COMMENTS
        return any(names(one, finding.code, finding.name) for one in self.codes)


def names(word: str, code: str, name: str) -> bool:
    """Say whether a word of ``pool-lint: ignore`` stands for a rule.

    Args:
        word: a code, the beginning of one, or a name.
        code: the code of the rule.
        name: the name of the rule.

    Returns:
        True if it does; ``POOL`` alone is every rule about code, and none about comments.
    """
    word = word.upper()
    if word == name.upper():
        return True
    least = 5 if code in _OF_COMMENTS else 4
    return len(word) >= least and word.startswith("POOL") and code.startswith(word)


class Suppressions:
    """The comments of one file that silence findings."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._lines = self._text.split("\n")

    @classmethod
    def of(cls, text: str) -> Suppressions:
        """Read the comments of a file.

        Args:
            text: the source, decoded and without a byte order mark; it need not be valid.

        Returns:
            The suppressions; nothing is tokenized before it is needed.
        """
        return cls(text)

    def hides(self, finding: Finding, noqa: bool) -> bool:
        """Say whether a comment silences a finding.

        Args:
            finding: the finding; the line on which its range starts counts.
            noqa: whether ``# noqa`` counts besides ``# pool-lint: ignore``.

        Returns:
            True if the finding must not be reported.
        """
        if noqa and (self._noqa_file or self._noqa_hides(finding)):
            return True
        return any(pragma.hides(finding) for pragma in self._pragmas)

    def silencers(self) -> list[Silencer]:
        """Return the comments that name rules, or silence all of ours.

        Returns:
            Those that are certainly comments; a ``noqa`` without codes and one that flake8 does not
            look at are not among them.
        """
        if not self._layout.is_exact:
            return []
        return [one for comment in self._layout.comments for one in self._silencers(comment)]

    def line(self, row: int) -> str:
        """Return a line without its end; ``row`` counts from 1."""
        return self._lines[row - 1]

    def _silencers(self, comment: _Comment) -> Iterator[Silencer]:
        for match in _PRAGMA.finditer(comment.text):
            whole = match["kind"].lower() == "ignore-file"
            rows = None if whole else self._covered(comment)
            # The bracket that closes the codes is not part of the pattern.
            closed = match["codes"] is not None and comment.text[match.end() :].startswith("]")
            yield _silencer(comment, match, rows, match.end() + closed)
        found = _NOQA.search(comment.text)
        if found is not None and found["codes"] is not None:
            rows = self._joined(comment.row)
            before = "\n".join(self._lines[rows.first - 1 : comment.row - 1])
            seen = _NOQA.search(f"{before}\n{self.line(comment.row)[: comment.column]}")
            if seen is None:
                yield _silencer(comment, found, rows, found.start() + len(found[0].rstrip(", \t")))

    def noqa_row(self, place: Range) -> int:
        """Return the row at whose end a ``# noqa`` for a finding must be written.

        Args:
            place: the range of the finding.

        Returns:
            The row, counted from 1; the last one of a string or of lines joined by backslashes.
        """
        return self._joined(place.start.row).last

    @cached_property
    def _noqa_file(self) -> bool:
        return _NOQA_FILE.search(self._text) is not None

    @cached_property
    def _has_noqa(self) -> bool:
        return _NOQA.search(self._text) is not None

    def _noqa_hides(self, finding: Finding) -> bool:
        if not self._has_noqa:
            return False
        first, last = self._joined(finding.range.start.row)
        match = _NOQA.search("\n".join(self._lines[first - 1 : last]))
        if match is None:
            return False
        if match["codes"] is None:
            return True
        codes = tuple(code for code in _SEPARATOR.split(match["codes"]) if code)
        return finding.code.startswith(codes)

    def _joined(self, row: int) -> _Rows:
        """Return the rows that one noqa covers together."""
        return self._layout.joined.get(row, _Rows(row, row))

    @cached_property
    def _layout(self) -> _Layout:
        try:
            return _Layout.of_tokens(self._lines)
        except (tokenize.TokenError, SyntaxError):
            return _Layout.of_lines(self._lines)

    @cached_property
    def _pragmas(self) -> list[_Pragma]:
        if _PRAGMA.search(self._text) is None:
            return []
        return [
            _Pragma(
                None if match["kind"].lower() == "ignore-file" else self._covered(comment),
                None
                if match["codes"] is None
                else tuple(code for code in _SEPARATOR.split(match["codes"]) if code),
            )
            for comment in self._layout.comments
            for match in _PRAGMA.finditer(comment.text)
        ]

    def _covered(self, comment: _Comment) -> _Rows:
        """Return the rows that a pragma speaks of.

        On a line of its own it speaks of what comes next, behind code of that line, and behind
        the end of a statement of all lines of the statement, where formatters put it.
        """
        row = comment.row
        if comment.alone:
            row += 1
            while row <= len(self._lines) and self._lines[row - 1].lstrip().startswith("#"):
                row += 1
        statement = self._layout.statements.get(row)
        if statement is None or comment.inside and comment.alone:
            return self._joined(row)
        edge = statement.first if comment.alone else statement.last
        return statement if row == edge else self._joined(row)


def _silencer(comment: _Comment, match: re.Match[str], rows: _Rows | None, end: int) -> Silencer:
    words = None
    if match["codes"] is not None:
        first = comment.column + match.start("codes")
        words = tuple((one[0], first + one.start()) for one in _WORD.finditer(match["codes"]))
    return Silencer(
        row=comment.row,
        start=comment.column + match.start(),
        end=comment.column + end,
        rows=rows,
        words=words,
        is_noqa=match.re is _NOQA,
        opening=comment.column,
        alone=comment.alone,
    )


class _Layout:
    """Where comments, statements and joined lines of a file are."""

    def __init__(self, is_exact: bool) -> None:
        self.is_exact = is_exact
        self.comments: list[_Comment] = []
        self.statements: dict[int, _Rows] = {}
        self.joined: dict[int, _Rows] = {}

    @classmethod
    def of_tokens(cls, lines: list[str]) -> _Layout:
        """Read the layout; raises TokenError or SyntaxError where Python's tokenizer does."""
        layout = cls(is_exact=True)
        statement: int | None = None
        joined: int | None = None
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline):
            first, last = token.start[0], token.end[0]
            if token.type not in (tokenize.DEDENT, tokenize.ENDMARKER):
                joined = first if joined is None else joined
            if token.type not in _LAYOUT and token.type != tokenize.NEWLINE:
                statement = first if statement is None else statement
            if token.type == tokenize.COMMENT:
                alone = not lines[first - 1][: token.start[1]].strip()
                inside = statement is not None
                column = token.start[1]
                layout.comments.append(_Comment(first, column, token.string, alone, inside))
            if token.type in (tokenize.NL, tokenize.NEWLINE) and joined is not None:
                layout.joined.update(_spread(joined, last))
                joined = None
            if token.type == tokenize.NEWLINE and statement is not None:
                layout.statements.update(_spread(statement, last))
                statement = None
        return layout

    @classmethod
    def of_lines(cls, lines: list[str]) -> _Layout:
        """Guess the layout of text that is not Python: every ``#`` may begin a comment."""
        layout = cls(is_exact=False)
        for row, line in enumerate(lines, 1):
            code, sharp, comment = line.partition("#")
            if sharp:
                text = sharp + comment
                layout.comments.append(_Comment(row, len(code), text, not code.strip(), False))
        return layout


def _spread(first: int, last: int) -> Iterator[tuple[int, _Rows]]:
    rows = _Rows(first, last)
    return ((row, rows) for row in range(first, last + 1))
