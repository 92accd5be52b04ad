"""The other modules of a project: found on disk, read on demand, never imported."""

from __future__ import annotations

import os
import stat
from functools import cached_property
from typing import TYPE_CHECKING

from pool_lint.model.foreign import is_foreign, is_foreign_root
from pool_lint.model.lazy_module import LazyModule

if TYPE_CHECKING:
    from collections.abc import Iterator

    import libcst as cst

    from pool_lint.model.callers import Callers
    from pool_lint.model.taught import Taught
    from pool_lint.model.versions import Versions
    from pool_lint.syntax.source import Source
    from pool_lint.syntax.tree import Tree

_ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg")
_MAX_DEPTH = 12
# How many files are remembered for being read again; what is imported is remembered anyway.
_MAX_SOURCES = 1000


class Project:
    """Finds and reads the modules that the linted files import.

    One object serves a whole run; what it has read it keeps.

    Args:
        taught: what the user has named; None for nothing.
        whole: take nothing for granted by its text: who asks for callers follows functions that
            can matter to nobody else.
    """

    def __init__(self, taught: Taught | None = None, whole: bool = False) -> None:
        self.taught = taught
        self.whole = whole
        self._taught: dict[object, Project] = {}
        self._modules: dict[str, LazyModule | None] = {}
        self._roots: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[object, str], tuple[str, str] | None] = {}
        self._resolved: dict[tuple[str, str], tuple[LazyModule, str] | None] = {}
        self._clients: dict[tuple[object, str], bool] = {}
        self._leading: dict[tuple[object, str], bool] = {}
        self._kinds: dict[str, str] = {}
        self._sources: dict[str, Source] = {}

    def taught_by(self, taught: Taught) -> Project:
        """The same project as somebody sees it who has named functions of it."""
        known = self._taught.get(taught.key)
        if known is None:
            known = self._taught[taught.key] = Project(taught)
        return known

    def meet(self, source: Source) -> None:
        """Let a file that is linted, and imported by others, be read through once."""
        path = os.path.abspath(source.filename)
        known = self._sources.get(path)
        if known is not None and source.share(known):
            return
        self._sources[path] = source
        if len(self._sources) > _MAX_SOURCES:
            del self._sources[next(iter(self._sources))]

    def names_of(self, filename: str) -> Iterator[str]:
        """The dotted names under which a file may be imported; its path has to be absolute."""
        for root in self._roots_of(os.path.dirname(filename)):
            if filename.startswith(os.path.join(root, "")):
                parts = os.path.splitext(os.path.relpath(filename, root))[0].split(os.sep)
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def resolve(self, path: str, importer: str) -> tuple[LazyModule, str] | None:
        """Find the module that a dotted path leads into.

        Args:
            path: as an import names it, leading dots included: ``app.db.engine``, ``..db.engine``.
            importer: the file that imports it, as an absolute path.

        Returns:
            The module and what is left of the path; None where it is not the project's.  A file
            that bears the name of a library means the library when it imports that name.
        """
        asked = (path, importer)
        if asked not in self._resolved:
            self._resolved[asked] = self._resolve(path, importer)
        return self._resolved[asked]

    def _resolve(self, path: str, importer: str) -> tuple[LazyModule, str] | None:
        folder = os.path.dirname(importer)
        key = self._key(path, folder)
        if key not in self._found:
            self._found[key] = self._search(path, folder)
        found = self._found[key]
        if found is None or (found[0] == importer and path[:1] != "."):
            return None
        module = self.module(found[0])
        return None if module is None else (module, found[1])

    def leads(self, path: str, importer: str) -> bool:
        """Whether a dotted path, as a file imports it, may make an engine."""
        if is_foreign(path):
            return False
        key = self._key(path, os.path.dirname(importer))
        if key not in self._leading:
            self._leading[key] = self._leads(path, importer, _MAX_DEPTH)
        return self._leading[key]

    def leads_to_client(self, path: str, importer: str) -> bool:
        """Whether a dotted path leads to a class, or an object, that calls something slow."""
        if is_foreign(path):
            return False
        key = self._key(path, os.path.dirname(importer))
        if key not in self._clients:
            found = self.resolve(path, importer)
            self._clients[key] = found is not None and found[0].bearing.gives_client(found[1])
        return self._clients[key]

    def _leads(self, path: str, importer: str, depth: int) -> bool:
        if self.taught is not None and self.taught.makes_engine(path):
            return True
        found = None if is_foreign(path) or not depth else self.resolve(path, importer)
        if found is None:
            return False
        module, rest = found
        if not module.bearing.speaks_of_engines:
            return False
        for part in module.parts_of(rest.partition(".")[0]):
            if part.kind == "import":
                if any(self._leads(p, module.path, depth - 1) for p in part.paths.values()):
                    return True
            elif (
                part.kind == "def"
                and module.bearing.may_make(part)
                or part.kind == "class"
                and module.bearing.makes(part)
            ):
                return True
        return not rest and module.bearing.creates_engines

    @cached_property
    def callers(self) -> Callers:
        """Who calls a function, wherever that is in the project."""
        from pool_lint.model.callers import Callers

        return Callers(self)

    @cached_property
    def versions(self) -> Versions:
        """Which versions of libraries the code is for."""
        from pool_lint.model.versions import Versions

        return Versions()

    def root_of(self, folder: str) -> str | None:
        """The folder with all files of the project that ``folder`` belongs to, if that shows."""
        current, packaged = folder, True
        outermost = folder
        for _ in range(_MAX_DEPTH):
            parent = os.path.dirname(current)
            if self._kind(os.path.join(current, "__init__.py")):
                if packaged:
                    outermost = parent
            elif any(self._kind(os.path.join(current, mark)) for mark in _ROOT_MARKS):
                return current
            else:
                packaged = False
            if parent == current:
                break
            current = parent
        return outermost if os.path.dirname(outermost) != outermost else None

    def module(self, filename: str) -> LazyModule | None:
        """The module in a file; None where it cannot be read."""
        if filename not in self._modules:
            self._modules[filename] = LazyModule.read(filename, self)
        return self._modules[filename]

    def holder_of(self, node: cst.CSTNode) -> LazyModule | None:
        """The module that a node belongs to."""
        for module in self._modules.values():
            lookup = module.lookup if module is not None else None
            if lookup is not None and lookup.names.holds(node):
                return module
        return None

    def tree_of(self, node: cst.CSTNode) -> Tree | None:
        """The tree that a node of another module belongs to."""
        module = self.holder_of(node)
        if module is None or module.lookup is None:
            return self.callers.tree_of(node) if "callers" in self.__dict__ else None
        root = module.lookup.names.root_of(node)
        return next((tree for tree in module.trees if tree.module is root), None)

    def _key(self, path: str, folder: str) -> tuple[object, str]:
        return (folder if path[:1] == "." else self._roots_of(folder), path)

    def _search(self, path: str, folder: str) -> tuple[str, str] | None:
        name = path.lstrip(".")
        dots = len(path) - len(name)
        parts = name.split(".") if name else []
        if dots:
            base = folder
            for _ in range(dots - 1):
                base = os.path.dirname(base)
            return self._descend(base, parts)
        if not parts or is_foreign_root(parts[0]):
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
            known = self._kinds[path] = _kind_of(path)
        return known

    def _roots_of(self, folder: str) -> tuple[str, ...]:
        """Where absolute imports of a file in ``folder`` may begin, nearest first."""
        known = self._roots.get(folder)
        if known is not None:
            return known
        roots: list[str] = []
        current = folder
        for _ in range(_MAX_DEPTH):
            # A package lies in a project, whatever else lies in the package.
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


def _kind_of(path: str) -> str:
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return ""
    return "folder" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else ""
