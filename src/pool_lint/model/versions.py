"""Which version of a library a project is for: as it is locked, else as it is required."""

from __future__ import annotations

import os
import re
from glob import glob
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
_REQUIREMENTS = ("requirements*.txt", "requirements/*.txt", "requirements*.in")
_PROJECT = "pyproject.toml"
# Where a package says which Pythons it runs on.
_PACKAGING = ("pyproject.toml", "setup.cfg", "setup.py")
_PYTHON = re.compile(
    r"(?m)^[ \t]*(?:requires-python|python_requires|python)[ \t]*=[ \t]*[\"']?(?:>=|~=|\^|~|===?)?"
    r"[ \t]*v?(\d+\.\d+)"
).search
# Stands for all that follow in the same line of releases.
_LAST = 999
_MAX_BYTES = 8_000_000
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_BOUND = re.compile(r"(===?|~=|<=|<|\^|~)\s*v?(\d+(?:\.\d+)*)(\.\*)?")


class Versions:
    """The versions that the projects of a run are for; each file is read once, when it is asked."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str | None] = {}
        self._texts: dict[str, str] = {}

    def of(self, library: str, folder: str, root: str | None) -> str | None:
        """Give the version of a library that the code in a folder is for.

        Args:
            library: its name on PyPI, in small letters: ``sqlalchemy``.
            folder: where the code lies.
            root: the outermost folder of its project; None where that is not known.

        Returns:
            The version that is locked, else the newest that the requirements allow where they set
            a limit; None where nothing is said, and above that limit.
        """
        key = (library, folder)
        if key not in self._known:
            self._known[key] = self._look(library, folder, root)
        return self._known[key]

    def python(self, folder: str, root: str | None) -> str | None:
        """Give the oldest Python that the code in a folder is to run on.

        Args:
            folder: where the code lies.
            root: the outermost folder of its project; None where that is not known.

        Returns:
            The version; None where the project does not say.
        """
        key = ("python", folder)
        if key not in self._known:
            found = (_PYTHON(self._text(os.path.join(folder, name))) for name in _PACKAGING)
            oldest = next((match[1] for match in found if match), None)
            parent = os.path.dirname(folder)
            if oldest is None and parent != folder and folder != root:
                oldest = self.python(parent, root)
            self._known[key] = oldest
        return self._known[key]

    def names(self, library: str, folder: str, root: str | None) -> bool:
        """Whether the code in a folder requires a library, in whatever version.

        Args:
            library: its name on PyPI, in small letters.
            folder: where the code lies.
            root: the outermost folder of its project; None where that is not known.
        """
        if any(pattern.search(text) for text, pattern in self._sources(folder, library)):
            return True
        parent = os.path.dirname(folder)
        return parent != folder and folder != root and self.names(library, parent, root)

    def _look(self, library: str, folder: str, root: str | None) -> str | None:
        for text, pattern in self._sources(folder, library):
            found = [_newest(match[1]) for match in pattern.finditer(text)]
            if found:
                limits = [one for one in found if one is not None]
                return max(limits, key=_parts) if len(limits) == len(found) else None
        parent = os.path.dirname(folder)
        return None if parent == folder or folder == root else self.of(library, parent, root)

    def _sources(self, folder: str, library: str) -> Iterator[tuple[str, re.Pattern[str]]]:
        """The texts that may name a version, those first that are nearest to the truth."""
        name = re.escape(library).replace(r"\-", "[-_.]")
        locked = rf'(?m)^name = "{name}"\r?\nversion = "([^"]+)"'
        for lock in _LOCKS:
            yield self._text(os.path.join(folder, lock)), re.compile(locked, re.IGNORECASE)
        required = rf"(?m)^[ \t]*{name}(?:\[[^\]]*\])?[ \t]*(\(?[<>=!~][^;#\n]*|(?=[;#\r\n]|\Z))"
        for pattern in _REQUIREMENTS:
            for path in sorted(glob(os.path.join(glob_safe(folder), pattern))):
                yield self._text(path), re.compile(required, re.IGNORECASE)
        text = self._text(os.path.join(folder, _PROJECT))
        listed = rf"[\"']{name}(?:\[[^\]]*\])?[ \t]*(\(?[<>=!~][^\"';]*|(?=[\"';]))"
        yield text, re.compile(listed, re.IGNORECASE)
        keyed = rf"(?m)^[\"']?{name}[\"']?\s*=\s*(?:\{{[^}}\n]*?version\s*=\s*)?[\"']([^\"']+)"
        yield text, re.compile(keyed, re.IGNORECASE)

    def _text(self, path: str) -> str:
        if path not in self._texts:
            try:
                with open(path, "rb") as file:
                    self._texts[path] = file.read(_MAX_BYTES).decode("utf-8", "replace")
            except OSError:
                self._texts[path] = ""
        return self._texts[path]


def glob_safe(folder: str) -> str:
    """A folder's path in a pattern that stands for this folder alone."""
    return re.sub(r"([*?\[])", r"[\1]", folder)


def _newest(said: str) -> str | None:
    """The newest version that a requirement allows; None where it sets no limit."""
    if _NUMBER.match(said.strip()):
        locked = _NUMBER.match(said.strip())
        return locked[0] if locked else None
    limits = [_limit(match[1], _parts(match[2]), match[3]) for match in _BOUND.finditer(said)]
    if not limits:
        return None
    return ".".join(map(str, min(limits)))


def _limit(sign: str, parts: tuple[int, ...], star: str | None) -> tuple[int, ...]:
    if star:
        return (*parts, _LAST)
    if sign in ("==", "===", "<="):
        return parts
    if sign == "<":
        kept = parts
        while len(kept) > 1 and not kept[-1]:
            kept = kept[:-1]
        return (*kept[:-1], kept[-1] - 1, _LAST)
    if sign == "^":
        first = next((index for index, part in enumerate(parts) if part), len(parts) - 1)
        return (*parts[: first + 1], _LAST)
    if sign == "~=":
        return (*parts[:-1], _LAST) if len(parts) > 1 else parts
    return (*parts[:2], _LAST)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
