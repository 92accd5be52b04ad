"""The other modules of a project: found on disk, read on demand, never imported."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pool_lint.knowledge import slow
from pool_lint.knowledge import sqlalchemy as sa
from pool_lint.syntax.monsters import monstrous_row
from pool_lint.syntax.outline import Part, outline
from pool_lint.syntax.parse import parse_rows
from pool_lint.syntax.screen import Screen
from pool_lint.syntax.source import Source, UnreadableSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    import libcst as cst

    from pool_lint.findings import Range
    from pool_lint.model.lookup import Lookup
    from pool_lint.syntax.tree import Tree

_ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg")
_MAX_DEPTH = 12
# Only a longer statement can hold a chain of operators that is too long.
_LONG = 8000
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
        classes: those that were asked for, with their members.
    """

    def __init__(self, source: Source, project: Project) -> None:
        self.filename = source.filename
        self.source = source
        self.project = project
        self.lookup: Lookup | None = None
        self.trees: list[Tree] = []
        self._screen = Screen(source.text)
        self.classes: dict[str, tuple[str, int, list[Part]]] = {}
        self._loaded: set[tuple[int, str]] = set()
        self._parts: dict[str, list[Part]] = {}
        parts = outline(source.lines)
        self.stars = [part.star for part in parts if part.star]
        for part in parts:
            for name in part.names:
                self._parts.setdefault(name, []).append(part)

    @classmethod
    def read(cls, filename: str, project: Project) -> LazyModule | None:
        """Read and outline a file; None where it is no text."""
        try:
            with open(filename, "rb") as file:
                return cls(Source.read(file.read(), filename), project)
        except (OSError, UnreadableSource):
            return None

    def defines(self, name: str) -> bool:
        """Whether a statement of the module gives ``name`` a meaning."""
        return name in self._parts

    def function(self, name: str) -> Part | None:
        """The statement that defines ``name``, if that is a function and nothing else."""
        parts = self._parts.get(name, ())
        return parts[0] if len(parts) == 1 and parts[0].kind == "def" else None

    def method(self, owner: str, name: str) -> Part | None:
        """The member of a class that defines ``name``, if that is a method and nothing else."""
        if owner not in self.classes:
            return None
        parts = [part for part in self.classes[owner][2] if name in part.names]
        return parts[0] if len(parts) == 1 and _defines(parts[0], name) else None

    def is_inert(self, name: str) -> bool:
        """Whether ``name`` is a function or class whose body can matter to nobody."""
        parts = self._parts.get(name)
        if not parts:
            return False
        for part in parts:
            if part.kind == "class":
                if self._screen.defines_resource(part.text):
                    return False
            elif part.kind != "def" or self.may_matter(part):
                return False
        return True

    def may_matter(self, part: Part) -> bool:
        """Whether a function may be slow, use a session, or return anything of interest."""
        text = part.text
        return (
            self._screen.tells_callers(text)
            or self._screen.returns_resource(text)
            or "cache" in text
        )

    def returns_resource(self, part: Part) -> bool:
        """Whether a function may return or yield an engine, a session, a client or options."""
        return self._screen.returns_resource(part.text)

    def may_wait(self, part: Part) -> bool:
        """Whether a function may wait for something other than the database."""
        return "await " in part.text or self._screen.is_slow(part.text)

    @property
    def speaks_of_engines(self) -> bool:
        """Whether the module makes engines or pools, or names one that another makes."""
        return self._screen.creates(self.source.text) or "engine" in self.source.text

    def is_slow(self, part: Part) -> bool:
        """Whether a function names a library that leaves the process."""
        return self._screen.is_slow(part.text)

    def may_make(self, part: Part) -> bool:
        """Whether a function may make an engine or a pool."""
        return self._screen.creates(part.text) or "engine" in part.text or "asyncpg" in part.text

    def imports(self, name: str) -> Iterator[tuple[str, str]]:
        """The imports that bind ``name``, each once: the name and its dotted path."""
        for part in self._parts.get(name, ()):
            if part.kind == "import" and (id(part), name) not in self._loaded:
                self._loaded.add((id(part), name))
                yield name, part.paths[name]

    def load(self, name: str) -> list[Tree]:
        """Parse the statements that define ``name``, as far as that has not been done.

        Of a class, the header and what is no method.

        Returns:
            The new trees; none where nothing is new or nothing can be read.
        """
        trees: list[Tree] = []
        for part in self._parts.get(name, ()):
            if part.kind == "import" or (id(part), "") in self._loaded:
                continue
            self._loaded.add((id(part), ""))
            header, members = part.members() if part.kind == "class" else ("", [])
            if not header:
                trees += self._parse(part.text, part.begin)
                continue
            self.classes[name] = (header, part.begin, members)
            plain = [member for member in members if member.kind == "other"]
            trees += self._parse_class(header, part.begin, plain)
        self.trees += trees
        return trees

    def load_member(self, name: str, member: str) -> list[Tree]:
        """Parse the members of a class that define ``member``, as far as that was not done."""
        header, begin, members = self.classes[name]
        wanted = [
            part
            for part in members
            if member in part.names and part.kind != "other" and (id(part), "") not in self._loaded
        ]
        self._loaded.update((id(part), "") for part in wanted)
        trees = self._parse_class(header, begin, wanted) if wanted else []
        self.trees += trees
        return trees

    def _parse_class(self, header: str, begin: int, members: list[Part]) -> list[Tree]:
        rows = list(range(begin, begin + header.count("\n")))
        text = header
        for member in members:
            text += member.text
            rows += range(member.begin, member.begin + member.text.count("\n"))
        if not members:
            text += " pass\n"
        return self._parse(text, begin, [*rows, begin, begin])

    def _parse(self, text: str, begin: int, rows: list[int] | None = None) -> list[Tree]:
        if len(text) > _LONG and monstrous_row(text) is not None:
            return []
        try:
            return [parse_rows(self.source, text, begin, rows)]
        except UnreadableSource:
            return []


def _defines(part: Part, name: str) -> bool:
    return part.kind == "def" and f"def {name}" in part.text


def is_foreign(path: str) -> bool:
    """Whether a dotted path certainly is not the project's."""
    root = path.partition(".")[0]
    return root in _FOREIGN or "(" in path or sa.is_sqlalchemy(path)
