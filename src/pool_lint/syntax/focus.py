"""Cut a file down to the statements that can matter, without moving a line number.

The extents come from ``ast``; what is selected is decided by the screen and then closed over the
names that the selected statements use, and, for whatever makes an engine, over those who use it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pool_lint.knowledge.words import IMPORT_WORDS
from pool_lint.syntax.monsters import monstrous_row
from pool_lint.syntax.screen import Screen
from pool_lint.syntax.source import Source

_WORDS = re.compile(r"[^\W\d]\w*").findall
_ATTRIBUTES = re.compile(r"\.\s*([^\W\d]\w*)").findall
_SELF_WRITES = re.compile(r"\b(?:self|cls)\s*\.\s*(\w+)\s*(?::[^=\n]+)?=(?!=)").findall
_ALWAYS_MEMBERS = frozenset(
    ("__init__", "__new__", "__aenter__", "__aexit__", "__enter__", "__exit__")
)
# Only a longer statement can hold a chain of operators that is too long.
_LONG = 8000
_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Focus:
    """The text that is left, and where its rows stand in the file.

    Attributes:
        text: valid Python made of whole statements of the file.
        rows: for every line of ``text`` its row in the file, from 1.
        monsters: the rows of statements that would matter, but that no parser can be given.
    """

    __slots__ = ("monsters", "rows", "text")

    def __init__(self, text: str, rows: list[int], monsters: list[int]) -> None:
        self.text = text
        self.rows = rows
        self.monsters = monsters


class _Unit:
    """A statement, or the header of a class whose members are units of their own."""

    __slots__ = ("begin", "end", "header", "is_import", "names", "owner", "selected", "text")

    def __init__(
        self, begin: int, end: int, names: set[str], owner: _Unit | None, header: bool, text: str
    ) -> None:
        self.begin = begin
        self.end = end
        self.names = names
        self.owner = owner
        self.header = header
        self.text = text
        self.selected = False
        self.is_import = text.lstrip().startswith(("import ", "from "))


def _tells(unit: _Unit) -> bool:
    """Whether an import tells what the file is about, or may bind any name."""
    return "*" in unit.names or any(word in unit.text for word in IMPORT_WORDS)


def focus(source: Source, tree: ast.Module) -> Focus | None:
    """Select the statements of a file that can matter.

    Args:
        source: the file.
        tree: its ``ast``, used for the extents of statements only.

    Returns:
        What is left, or None where nothing is.
    """
    lines = source.lines
    units = list(_units(tree.body, lines, None))
    screen = Screen(source.text)
    seeds = [unit for unit in units if not unit.header and screen.wants(unit.text)]
    if not seeds:
        return None
    _close(units, seeds, screen)
    return _assemble(units, lines)


def _units(body: list[ast.stmt], lines: list[str], owner: _Unit | None) -> Iterator[_Unit]:
    last: _Unit | None = None
    for statement in body:
        begin = _first_row(statement)
        end = statement.end_lineno or begin
        names = _defined(statement)
        if last is not None and begin <= last.end:
            last.end = max(last.end, end)
            last.names |= names
            last.text = "".join(lines[last.begin - 1 : last.end])
            continue
        if isinstance(statement, ast.ClassDef) and _first_row(statement.body[0]) > statement.lineno:
            if last is not None:
                yield last
                last = None
            inner = _first_row(statement.body[0]) - 1
            header = _Unit(begin, inner, names, owner, True, "".join(lines[begin - 1 : inner]))
            yield header
            yield from _units(statement.body, lines, header)
            continue
        if last is not None:
            yield last
        last = _Unit(begin, end, names, owner, False, "".join(lines[begin - 1 : end]))
        if owner is not None:
            last.names |= set(_SELF_WRITES(last.text))
    if last is not None:
        yield last


def _first_row(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", None)
    return min(decorators[0].lineno, statement.lineno) if decorators else statement.lineno


def _defined(statement: ast.stmt) -> set[str]:
    if isinstance(statement, _Definition):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return {
            node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)
        }
    if isinstance(statement, ast.Expr):
        return _configured(statement.value)
    return {
        name
        for inner in ast.walk(statement)
        if isinstance(inner, ast.stmt) and inner is not statement
        and not isinstance(inner, (ast.If, ast.For, ast.While, ast.With, ast.Try))
        for name in _defined(inner)
    }  # fmt: skip


def _configured(expression: ast.expr) -> set[str]:
    """``OPTIONS.update(...)`` changes what OPTIONS means."""
    while isinstance(expression, (ast.Call, ast.Attribute, ast.Subscript)):
        expression = expression.func if isinstance(expression, ast.Call) else expression.value
    return {expression.id} if isinstance(expression, ast.Name) else set()


def _close(units: list[_Unit], seeds: list[_Unit], screen: Screen) -> None:
    """Select the seeds, all they name, and the users of whatever makes an engine."""
    index = _Index(units)
    pending = [*seeds, *index.always]
    watched = {name for unit in seeds if screen.creates(unit.text) for name in _watched_names(unit)}
    pending += _users(units, watched)
    while pending:
        unit = pending.pop()
        if unit.selected:
            continue
        unit.selected = True
        if unit.owner is not None:
            pending.append(unit.owner)
        pending += index.named_by(unit)


class _Index:
    """Which units define a name, and which define an attribute."""

    __slots__ = ("_attributes", "_members", "_names", "_owned", "always")

    def __init__(self, units: list[_Unit]) -> None:
        self._names: dict[str, list[_Unit]] = {}
        self._attributes: dict[str, list[_Unit]] = {}
        self._owned: dict[tuple[int, str], list[_Unit]] = {}
        self._members: dict[int, list[_Unit]] = {}
        self.always = [unit for unit in units if unit.is_import and _tells(unit)]
        for unit in units:
            if unit.owner is None:
                table = self._names
            else:
                table = self._attributes
                if unit.names & _ALWAYS_MEMBERS:
                    self._members.setdefault(id(unit.owner), []).append(unit)
            for name in unit.names:
                table.setdefault(name, []).append(unit)
                if unit.owner is not None:
                    self._owned.setdefault((id(unit.owner), name), []).append(unit)

    def named_by(self, unit: _Unit) -> Iterator[_Unit]:
        """The units that ``unit`` depends on."""
        owner, text = unit.owner, unit.text
        for name in set(_WORDS(text)):
            yield from self._names.get(name, ())
            scope = owner
            while scope is not None:
                yield from self._owned.get((id(scope), name), ())
                scope = scope.owner
        for name in set(_ATTRIBUTES(text)):
            yield from self._attributes.get(name, ())
        if unit.header:
            yield from self._members.get(id(unit), ())


def _watched_names(unit: _Unit) -> Iterator[str]:
    for name in unit.names:
        if not (name.startswith("__") and name.endswith("__")):
            yield name
    if unit.owner is not None and unit.names & _ALWAYS_MEMBERS:
        yield from unit.owner.names


def _users(units: list[_Unit], watched: set[str]) -> list[_Unit]:
    """Every unit that names one of ``watched``, directly or through another function."""
    found: list[_Unit] = []
    seen: set[int] = set()
    while watched:
        mentions = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(watched)))})\b").search
        watched = set()
        for unit in units:
            if id(unit) not in seen and mentions(unit.text):
                seen.add(id(unit))
                found.append(unit)
                if unit.text.lstrip().startswith(("def ", "async def ", "@")):
                    watched.update(_watched_names(unit))
    return found


def _assemble(units: list[_Unit], lines: list[str]) -> Focus:
    texts: list[str] = []
    rows: list[int] = []
    open_header: _Unit | None = None
    monsters: list[int] = []
    for unit in [unit for unit in units if unit.selected]:
        if open_header is not None and unit.owner is not open_header:
            texts.append(_placeholder(open_header))
            rows.append(open_header.end)
        if len(unit.text) > _LONG and monstrous_row(unit.text) is not None:
            monsters.append(unit.begin)
            continue
        open_header = unit if unit.header else None
        texts.append(unit.text)
        rows.extend(range(unit.begin, unit.end + 1))
    if open_header is not None:
        texts.append(_placeholder(open_header))
        rows.append(open_header.end)
    return Focus("".join(texts), rows, monsters)


def _placeholder(header: _Unit) -> str:
    """A body for a class of which no member was selected."""
    indent = header.text[: len(header.text) - len(header.text.lstrip())]
    return f"{indent} pass\n"
