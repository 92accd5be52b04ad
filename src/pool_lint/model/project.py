"""The other modules of a project: found on disk, read on demand, never imported."""

from __future__ import annotations

import ast
import os
import sys
import warnings
from typing import TYPE_CHECKING

from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.syntax.collector import paused_collector
from pool_lint.syntax.monsters import monstrous_row
from pool_lint.syntax.parse import parse_rows
from pool_lint.syntax.screen import Screen
from pool_lint.syntax.source import Source, UnreadableSource
from pool_lint.syntax.units import Unit, units_of

if TYPE_CHECKING:
    import libcst as cst

    from pool_lint.findings import Range
    from pool_lint.model.lookup import Lookup
    from pool_lint.syntax.tree import Tree

_ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg")
_MAX_DEPTH = 12
# Nobody's project: what these names mean is known, or does not matter.
_FOREIGN = frozenset((*sys.stdlib_module_names, *slow.TABLE, "sqlalchemy", "sqlmodel", "asyncpg",
                      "fastapi", "starlette", "flask", "pydantic", "alembic"))  # fmt: skip


class Project:
    """Finds and reads the modules that the linted files import.

    One object serves a whole run; what it has read it keeps.
    """

    def __init__(self) -> None:
        self._modules: dict[str, LazyModule | None] = {}
        self._roots: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[str, str], tuple[str, str] | None] = {}
        self._kinds: dict[str, str] = {}

    def resolve(self, path: str, filename: str) -> tuple[LazyModule, str] | None:
        """Find the module that a dotted path leads into.

        Args:
            path: as an import names it, leading dots included: ``app.db.engine``, ``..db.engine``.
            filename: the file that imports it.

        Returns:
            The module and what is left of the path; None where it is not the project's.
        """
        folder = os.path.dirname(os.path.abspath(filename))
        key = (folder, path)
        if key not in self._found:
            self._found[key] = self._search(path, folder)
        found = self._found[key]
        if found is None:
            return None
        module = self.module(found[0])
        return None if module is None else (module, found[1])

    def module(self, filename: str) -> LazyModule | None:
        """The module in a file; None where it cannot be read."""
        if filename not in self._modules:
            self._modules[filename] = LazyModule.read(filename, self)
        return self._modules[filename]

    def locate(self, node: cst.CSTNode) -> tuple[str, Range] | None:
        """The file and place of a node of another module."""
        for module in self._modules.values():
            for tree in module.trees if module is not None else ():
                if tree.owns(node):
                    return module.filename, tree.range_of(node)  # type: ignore[union-attr]
        return None

    def _search(self, path: str, folder: str) -> tuple[str, str] | None:
        name = path.lstrip(".")
        dots = len(path) - len(name)
        parts = name.split(".") if name else []
        if dots:
            base = folder
            for _ in range(dots - 1):
                base = os.path.dirname(base)
            return self._descend(base, parts)
        if not parts or parts[0] in _FOREIGN:
            return None
        for root in self._roots_of(folder):
            if self._kind(os.path.join(root, parts[0])) or self._kind(
                os.path.join(root, parts[0] + ".py")
            ):
                found = self._descend(root, parts)
                if found is not None:
                    return found
        return None

    def _descend(self, base: str, parts: list[str]) -> tuple[str, str] | None:
        current, index = base, 0
        while index < len(parts):
            below = os.path.join(current, parts[index])
            if self._kind(below + ".py") == "file" and self._kind(below) != "folder":
                return below + ".py", ".".join(parts[index + 1 :])
            if self._kind(below) != "folder":
                break
            current, index = below, index + 1
        package = os.path.join(current, "__init__.py")
        if self._kind(package) == "file":
            return package, ".".join(parts[index:])
        return None

    def _kind(self, path: str) -> str:
        known = self._kinds.get(path)
        if known is None:
            known = "folder" if os.path.isdir(path) else "file" if os.path.isfile(path) else ""
            self._kinds[path] = known
        return known

    def _roots_of(self, folder: str) -> tuple[str, ...]:
        """Where absolute imports of a file in ``folder`` may begin, nearest first."""
        known = self._roots.get(folder)
        if known is not None:
            return known
        roots: list[str] = []
        current = folder
        for _ in range(_MAX_DEPTH):
            if not self._kind(os.path.join(current, "__init__.py")):
                roots.append(current)
                source = os.path.join(current, "src")
                if self._kind(source) == "folder":
                    roots.append(source)
            if any(self._kind(os.path.join(current, mark)) for mark in _ROOT_MARKS):
                break
            parent = os.path.dirname(current)
            if parent == current:
                break
            current = parent
        self._roots[folder] = tuple(roots)
        return self._roots[folder]


class LazyModule:
    """A module that is parsed as far as somebody asks, one top-level statement after the other.

    Attributes:
        filename: where it lies.
        stars: the modules of which it imports everything.
        lookup: the meaning of its names, once somebody has asked.
    """

    def __init__(self, source: Source, units: list[Unit], project: Project) -> None:
        self.filename = source.filename
        self.source = source
        self.project = project
        self.stars: list[str] = []
        self._screen = Screen(source.text)
        self._units: dict[str, list[Unit]] = {}
        self._loaded: set[int] = set()
        self._trees: list[Tree] = []
        self.lookup: Lookup | None = None
        for unit in units:
            for name in unit.names:
                self._units.setdefault(name, []).append(unit)
            if unit.is_import and "*" in unit.names:
                self.stars.append(unit.text.split()[1])

    @classmethod
    def read(cls, filename: str, project: Project) -> LazyModule | None:
        """Read and index a file; None where Python cannot read it."""
        try:
            with open(filename, "rb") as file:
                source = Source.read(file.read(), filename)
            with paused_collector(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(source.text)
                units = list(units_of(tree.body, source.lines, whole_classes=True))
        except (OSError, UnreadableSource, SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        return cls(source, units, project)

    def defines(self, name: str) -> bool:
        """Whether a statement of the module gives ``name`` a meaning."""
        return name in self._units

    def is_inert(self, name: str) -> bool:
        """Whether ``name`` is a function or class whose body can matter to nobody."""
        units = self._units.get(name, [])
        return bool(units) and all(
            (unit.body > 0 or unit.is_class) and not self._matters(unit) for unit in units
        )

    def _matters(self, unit: Unit) -> bool:
        if unit.is_class:
            return self._screen.wants(unit.text) or self._screen.names_library(unit.text)
        return self._screen.tells_callers(unit.text) or self._screen.names_library(unit.text)

    def load(self, name: str) -> list[Tree]:
        """Parse the statements that define ``name``, as far as that has not been done.

        Returns:
            The new trees; none where nothing is new or nothing can be read.
        """
        trees = []
        for unit in self._units.get(name, ()):
            if id(unit) in self._loaded:
                continue
            self._loaded.add(id(unit))
            if len(unit.text) > 8000 and monstrous_row(unit.text) is not None:
                continue
            try:
                trees.append(parse_rows(self.source, unit.text, unit.begin))
            except UnreadableSource:
                continue
        self._trees += trees
        return trees

    @property
    def trees(self) -> list[Tree]:
        """Everything that has been parsed."""
        return self._trees


def is_foreign(path: str) -> bool:
    """Whether a dotted path certainly is not the project's."""
    root = path.partition(".")[0]
    return root in _FOREIGN or "(" in path or sa.is_sqlalchemy(path)
