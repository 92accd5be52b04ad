"""From a source to the tree of the statements that matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pool_lint.syntax.collector import paused_collector
from pool_lint.syntax.focus import Focus, focus, focus_on
from pool_lint.syntax.monsters import monstrous_row
from pool_lint.syntax.neighbourhood import Neighbours, vocabulary_of
from pool_lint.syntax.screen import Screen
from pool_lint.syntax.source import Source, UnreadableSource, split_lines
from pool_lint.syntax.tree import Tree

if TYPE_CHECKING:
    import libcst as cst


def parse(
    source: Source, neighbours: Neighbours | None = None, *, is_python: bool = False
) -> Tree | None:
    """Parse what can matter of a file.

    Args:
        source: the file.
        neighbours: what is known of the names that the file uses.
        is_python: whether the running Python has accepted the file already.

    Returns:
        The tree, or None where no statement of the file can matter.

    Raises:
        UnreadableSource: something can matter, and neither Python nor libcst can read the file, or
            it is too deeply nested.
    """
    screen = Screen(source.facts, (), neighbours, vocabulary_of(neighbours))
    if not screen.wants_any() and not _may_reach_engine(source, neighbours):
        return None
    selected = focus(source, neighbours)
    if selected is None:
        return None
    error = None if is_python else _error_of(source.text)
    if error is None:
        try:
            return _tree(source, selected)
        except UnreadableSource:
            # It was cut where no statement ends.
            return _whole(source)
    try:
        # The syntax may be newer than the running Python: libcst decides.
        return _whole(source)
    except UnreadableSource:
        if error.lineno:
            reason = f"not Python that can be parsed: {error.msg}"
            raise UnreadableSource(reason, error.lineno) from None
        raise


def parse_about(source: Source, names: set[str]) -> Tree | None:
    """Parse what uses some names, directly or through others.

    Args:
        source: the file.
        names: the names.

    Returns:
        The tree, or None where nothing uses them, or nothing can be read.
    """
    try:
        selected = focus_on(source, names)
        with paused_collector():
            return _tree(source, selected) if selected is not None else None
    except (RecursionError, UnreadableSource):
        return None


def _tree(source: Source, selected: Focus) -> Tree:
    module = _module(selected.text, selected.rows)
    result = Tree(source, module, selected.text, selected.rows, selected.monsters)
    result.seeds = selected.seeds
    return result


def _may_reach_engine(source: Source, neighbours: Neighbours | None) -> bool:
    """Whether a file imports what makes an engine."""
    if neighbours is None:
        return False
    return any(neighbours.makes_engine(path) for _, path in source.facts.imports)


def parse_rows(source: Source, text: str, begin: int, rows: list[int] | None = None) -> Tree:
    """Parse one statement of a file.

    Args:
        source: the file.
        text: the lines of the statement.
        begin: the row of the first of them.
        rows: the row of each, where they do not follow each other.

    Raises:
        UnreadableSource: libcst cannot read it.
    """
    if rows is None:
        rows = list(range(begin, begin + len(split_lines(text)) + 1))
    module = source.modules.get((begin, text))
    if module is None:
        with paused_collector():
            module = source.modules[begin, text] = _module(text, rows)
    return Tree(source, module, text, rows)


def parse_whole(source: Source) -> Tree:
    """Parse every statement of a file, whatever it says.

    Raises:
        UnreadableSource: libcst cannot read it, or it is too deeply nested.
    """
    return _whole(source)


def _error_of(text: str) -> SyntaxError | None:
    """What the running Python says against a text.

    Raises:
        UnreadableSource: it is too deeply nested for Python.
    """
    import ast
    import symtable
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # Half the price of a tree; what it refuses besides, runs into a wall only later.
            symtable.symtable(text, "<string>", "exec")
        except SyntaxError:
            return _refusal(ast.parse, text)
        except (RecursionError, MemoryError):
            raise UnreadableSource("an expression or block is nested too deeply") from None
        except ValueError as error:
            return SyntaxError(str(error))
    return None


def _refusal(read: Callable[[str], object], text: str) -> SyntaxError | None:
    try:
        read(text)
    except SyntaxError as error:
        return error
    return None


def _whole(source: Source) -> Tree:
    row = monstrous_row(source.text)
    if row is not None:
        raise UnreadableSource("an expression is nested too deeply", row)
    return Tree(source, _module(source.text, None), source.text)


def _module(text: str, rows: list[int] | None) -> cst.Module:
    import libcst

    try:
        with _unvalidated(libcst.CSTNode):
            return libcst.parse_module(text)
    except libcst.ParserSyntaxError as error:
        row = error.raw_line
        if rows is not None:
            row = rows[min(max(row, 1), len(rows)) - 1]
        raise UnreadableSource(_reason(error), row) from None
    except RecursionError:
        raise UnreadableSource("an expression or block is nested too deeply") from None


@contextmanager
def _unvalidated(node: Any) -> Iterator[None]:
    """Let the parser make nodes without checking each of them.

    libcst checks every node that is made, also by its own parser, which makes only valid ones; a
    tenth of the cost of a whole run goes there.
    """
    check = node.__post_init__
    node.__post_init__ = _nothing
    try:
        yield
    finally:
        node.__post_init__ = check


def _nothing(node: object) -> None:
    """Stands in for the check of a node."""


def _reason(error: object) -> str:
    text = str(getattr(error, "message", "") or "").strip().splitlines()
    detail = text[0].rstrip(".") if text else ""
    return f"not Python that can be parsed: {detail}" if detail else "not Python that can be parsed"
