"""One module of a project, and its statements, parsed as they are asked for."""

from __future__ import annotations

import os
import re
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pool_lint.model import purpose
from pool_lint.model.bearing import Bearing
from pool_lint.model.foreign import is_foreign
from pool_lint.model.hearsay import Hearsay
from pool_lint.syntax.monsters import monstrous_row
from pool_lint.syntax.parse import parse_rows
from pool_lint.syntax.source import Source, UnreadableSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from pool_lint.model.lookup import Lookup
    from pool_lint.model.project import Project
    from pool_lint.model.taught import Taught
    from pool_lint.syntax.outline import Part
    from pool_lint.syntax.tree import Tree

_CALLS = re.compile(r"(?<!\w)([A-Za-z_][\w.]*)\(").finditer
_SIBLINGS = re.compile(r"\bself\.(\w+)\(").findall
_GIVEN = re.compile(
    r"\n(?:(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|(\w+)[ \t]*[:=]|[ \t]+(\w+)[ \t]+=[ \t])"
).findall
# Only a longer statement can hold a chain of operators that is too long.
_LONG = 8000


class LazyModule:
    """A module that is parsed as far as somebody asks, one top-level statement after the other.

    Args:
        source: its text.
        project: the other modules.
        taught: what the user has named; None for nothing.

    Attributes:
        filename: where it lies.
        path: the same as an absolute path.
        present: rows of statements that have been parsed already.
        lookup: the meaning of its names, once somebody has asked.
        classes: those that were asked for, with their members.
        statements: its top-level statements, once it was outlined.
    """

    def __init__(
        self, source: Source, project: Project | None, taught: Taught | None = None
    ) -> None:
        self.filename = source.filename
        self.taught = taught
        self.source = source
        self.project = project
        self.lookup: Lookup | None = None
        self.trees: list[Tree] = []
        self.path = os.path.abspath(source.filename)
        self.classes: dict[str, tuple[str, int, list[Part]]] = {}
        self.present: AbstractSet[int] = frozenset()
        self._loaded: set[tuple[int, str]] = set()
        self._found: dict[str, list[Part]] | None = None
        self._stars: list[str] = []
        self.statements: list[Part] = []
        self._functions: dict[str, tuple[LazyModule, Part] | None | Literal[False]] = {}

    @cached_property
    def bearing(self) -> Bearing:
        """What its statements bear on those who use them."""
        return Bearing(self)

    @cached_property
    def hearsay(self) -> Hearsay:
        """What the text of its functions tells."""
        return Hearsay(self)

    def calls_of(self, body: str) -> Iterator[str]:
        """The dotted names of what is called, as far as they may be functions of the project."""
        for match in _CALLS(body):
            if self._is_project_name(match[1]):
                yield match[1]

    def _is_project_name(self, name: str) -> bool:
        root, dot, _ = name.partition(".")
        parts = self.parts.get(root, [])
        return any(part.kind == "import" or (part.kind == "def" and not dot) for part in parts)

    def find_function(self, name: str) -> tuple[LazyModule, Part] | None | Literal[False]:
        """The function that a dotted name means here.

        Returns:
            Its module and statement; None where that is not known, False where it is a library's.
        """
        if name not in self._functions:
            self._functions[name] = self._find_function(name)
        return self._functions[name]

    def _find_function(self, name: str) -> tuple[LazyModule, Part] | None | Literal[False]:
        root, _, rest = name.partition(".")
        path = self.imported(root)
        if path is None:
            parts = self.parts.get(root, [])
            is_own = len(parts) == 1 and parts[0].kind == "def" and not rest
            return (self, parts[0]) if is_own else None
        if self.project is None:
            return None
        if is_foreign(path):
            return False
        found = self.project.resolve(f"{path}.{rest}" if rest else path, self.path)
        part = found[0].function(found[1]) if found is not None else None
        return (found[0], part) if found is not None and part is not None else None

    def imported(self, name: str) -> str | None:
        """The dotted path of a name that is imported and nothing else; None for any other."""
        if self._found is None:
            path = self._imports.get(name)
            if path and name not in self._given:
                return path
        parts = self.parts.get(name, [])
        is_import = len(parts) == 1 and parts[0].is_import
        return parts[0].paths.get(name, "") if is_import else None

    @cached_property
    def _imports(self) -> dict[str, str]:
        """What the top-level imports bind; an empty path for what several do."""
        found: dict[str, str] = {}
        for name, path in self.source.facts.imports:
            found[name] = "" if name in found else path
        return found

    @cached_property
    def _given(self) -> frozenset[str]:
        """What may get a meaning elsewhere than in an import, read from the beginnings of lines."""
        return frozenset(name for names in _GIVEN(f"\n{self.source.text}") for name in names)

    def may_lead_to_slow(self, name: str) -> bool:
        """Whether the module of what ``name`` means here names anything slow, before reading it."""
        path = self.imported(name)
        if path is None or self.project is None:
            return bool(self.parts.get(name))
        found = None if is_foreign(path) else self.project.resolve(path, self.path)
        return found is not None and bool(found[1]) and found[0].bearing.names_slow

    @cached_property
    def is_test(self) -> bool:
        """Whether the file is a test module."""
        self._outline()
        return purpose.is_test(self.statements)

    @cached_property
    def programs(self) -> frozenset[str] | None:
        """The functions that the file runs at once, None where it is no such program."""
        self._outline()
        return purpose.programs(self.statements)

    @property
    def stars(self) -> list[str]:
        """The modules of which it imports everything."""
        self._outline()
        return self._stars

    @property
    def parts(self) -> dict[str, list[Part]]:
        """Its top-level statements by the names that they bind."""
        return self._outline()

    def _outline(self) -> dict[str, list[Part]]:
        if self._found is None:
            self._found = {}
            self.statements = self.source.parts
            for part in self.statements:
                if part.star:
                    self._stars.append(part.star)
                for name in part.names:
                    self._found.setdefault(name, []).append(part)
        return self._found

    @classmethod
    def read(cls, filename: str, project: Project) -> LazyModule | None:
        """Read and outline a file; None where it is no text."""
        try:
            with open(filename, "rb") as file:
                source = Source.read_code(file.read(), filename)
        except (OSError, UnreadableSource):
            return None
        project.meet(source)
        return cls(source, project, project.taught)

    def defines(self, name: str) -> bool:
        """Whether a statement of the module gives ``name`` a meaning."""
        return name in self.parts

    def parts_of(self, name: str) -> list[Part]:
        """The statements that define a name."""
        return self.parts.get(name, [])

    def function(self, name: str) -> Part | None:
        """The statement that defines ``name``, if that is a function and nothing else."""
        parts = self.parts.get(name, [])
        return parts[0] if len(parts) == 1 and _defines(parts[0], name) else None

    def method(self, owner: str, name: str) -> Part | None:
        """The member of a class that defines ``name``, if that is a method and nothing else."""
        if owner not in self.classes:
            return None
        parts = [part for part in self.classes[owner][2] if name in part.names]
        if len(parts) != 1 or not _defines(parts[0], name) or self._is_loaded(parts[0]):
            return None
        return parts[0]

    def siblings_called(self, part: Part) -> list[Part]:
        """The methods of the same class that a method calls."""
        for _, _, members in self.classes.values():
            if any(member is part for member in members):
                called = set(_SIBLINGS(part.text))
                return [m for m in members if m.kind == "def" and not called.isdisjoint(m.names)]
        return []

    def imports(self, name: str) -> Iterator[tuple[str, str]]:
        """The imports that bind ``name``, each once: the name and its dotted path."""
        for part in self.parts.get(name, ()):
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
        for part in self.parts.get(name, ()):
            if part.kind == "import" or self._is_loaded(part):
                continue
            self._loaded.add((id(part), ""))
            if not self.cut(name):
                trees += self._parse(part.text, part.begin)
                continue
            header, _, members = self.classes[name]
            plain = [member for member in members if member.kind == "other"]
            self._loaded.update((id(member), "") for member in plain)
            trees += self._parse_class(header, part.begin, plain)
        self.trees += trees
        return trees

    def cut(self, name: str) -> bool:
        """Cut a class into its header and members; whether that can be done."""
        if name not in self.classes:
            parts = self.parts.get(name, [])
            if len(parts) == 1 and parts[0].kind == "class":
                header, members = parts[0].members()
                if header:
                    self.classes[name] = (header, parts[0].begin, members)
                    self.bearing.meet(header, members)
        return name in self.classes

    def _is_loaded(self, part: Part) -> bool:
        return (id(part), "") in self._loaded or part.begin in self.present

    def load_member(self, name: str, member: str) -> list[Tree]:
        """Parse the members of a class that define ``member``, as far as that was not done."""
        header, begin, members = self.classes[name]
        wanted = [part for part in members if member in part.names and not self._is_loaded(part)]
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
