"""Every Python file of a project as bytes, found by the words in it."""

from __future__ import annotations

import os
import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A project beyond these bounds is not searched.
_MAX_FILES = 4000
_MAX_FOLDERS = 4000
_MAX_BYTES = 48_000_000
# A longer file was not written by hand.
_MAX_FILE = 1_000_000
# A name that more files have than these is too common to be asked for.
_MAX_NAMING = 40
_NOT_OURS = frozenset(("__pycache__", "build", "dist", "env", "node_modules", "site-packages",
                       "venv", "virtualenv"))  # fmt: skip
# What runs beside the application; that it makes an engine says nothing of a request.
_ASIDE = frozenset(("alembic", "bench", "benchmark", "benchmarks", "demo", "demos", "docs",
                    "example", "examples", "migrations", "notebooks", "samples", "script",
                    "scripts", "test", "testing", "tests"))  # fmt: skip
_ASIDE_FILE = re.compile(r"(?:test_.*|.*_tests?|tests?|conftest|setup|manage)\.py\Z").match


class Texts:
    """The files below a folder, read when somebody asks for the first time.

    Left out are tests, examples, migrations and scripts, and what is not the project's own.

    Args:
        root: the folder.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._found: dict[str, list[str]] = {}

    def naming(self, words: Iterable[str]) -> list[str]:
        """The paths of the files that have one of some words, in order; none of too many."""
        found = {path for word in words for path in self._naming(word)}
        return sorted(found) if len(found) <= _MAX_NAMING else []

    def says(self, path: str, word: str) -> bool:
        """Whether a file has a word."""
        return _has_word(self.data(path), word.encode())

    def aliases(self, word: str) -> set[str]:
        """The other names under which files import a word."""
        pattern = re.compile(rb"\b" + word.encode() + rb"\s+as\s+(\w+)")
        return {
            match[1].decode("ascii", "replace")
            for path in self._naming(word)
            for match in pattern.finditer(self._files[path])
        }

    def defined_once(self, name: str) -> bool:
        """Whether one function alone bears a name."""
        written = f"def {name}(".encode()
        return sum(data.count(written) for data in self._files.values()) == 1

    def data(self, path: str) -> bytes:
        """The bytes of a file; none of one that is left out."""
        return self._files.get(path, b"")

    def _naming(self, word: str) -> list[str]:
        known = self._found.get(word)
        if known is None:
            bare = word.encode()
            found = (path for path, data in self._files.items() if _has_word(data, bare))
            known = self._found[word] = list(islice(found, _MAX_NAMING + 1))
        return known

    @cached_property
    def _files(self) -> dict[str, bytes]:
        """The bytes by path; nothing at all where there are too many."""
        found: dict[str, bytes] = {}
        size = 0
        for path in self._paths():
            try:
                with open(path, "rb") as file:
                    data = file.read(_MAX_FILE)
            except OSError:
                continue
            size += len(data)
            if size > _MAX_BYTES or len(found) >= _MAX_FILES:
                return {}
            if len(data) < _MAX_FILE:
                found[path] = data
        return found

    def _paths(self) -> Iterator[str]:
        for folder, below, files in islice(os.walk(self._root), _MAX_FOLDERS):
            below[:] = sorted(
                name
                for name in below
                if name[0] != "." and name not in _NOT_OURS and name not in _ASIDE
                if not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
            )
            for name in sorted(files):
                if name.endswith(".py") and not _ASIDE_FILE(name):
                    yield os.path.join(folder, name)


def _has_word(data: bytes, word: bytes) -> bool:
    begin = data.find(word)
    while begin >= 0:
        end = begin + len(word)
        around = data[begin - 1 : begin] if begin else b""
        if not (_is_letter(around) or _is_letter(data[end : end + 1])):
            return True
        begin = data.find(word, end)
    return False


def _is_letter(byte: bytes) -> bool:
    return byte == b"_" or byte.isalnum() or byte >= b"\x80"
