"""How the statements of a file use the clients of slow libraries, by their text.

As everywhere in the screen, the answer may be wrong in one direction only: it may name what is no
client.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Protocol

from pool_lint.knowledge import words
from pool_lint.syntax.spotting import mentions

_STORED = re.compile(r"\.(\w+)[ \t]*(?::[^=\n]*)?=(?!=)").finditer
_PARAMETER = re.compile(r"(\w+)\s*:\s*[\w.\[\"'| ]*\Z").search
_WORDS = re.compile(r"[^\W\d]\w*").findall
# What stands before the name of a class in an annotation.
_ANNOTATING = (": ", "[", "| ", '"', "'")
_ENDINGS = (*words.CLIENT_ENDINGS, *words.SENDER_CLASSES)
_CLASS = re.compile(r"^[ \t]*class[ \t]+\w+\(([^)]*)", re.MULTILINE).search
_OPENING = ("(", "[", "{", "\\", "=")


class Statement(Protocol):
    """A statement of a file and the names it binds."""

    @property
    def text(self) -> str:
        """Its lines."""

    @property
    def names(self) -> set[str]:
        """The names it gives a meaning."""

    @property
    def is_import(self) -> bool:
        """Whether it is an import statement."""

    @property
    def is_definition(self) -> bool:
        """Whether it is a function or a class."""


def slow_imports(statements: Iterable[Statement], modules: Iterable[str]) -> set[str]:
    """The names that a file imports from slow libraries, or that sound like clients.

    Args:
        statements: those of the file.
        modules: the words of slow libraries that its imports have.
    """
    found: set[str] = set()
    for one in statements:
        if not one.is_import:
            continue
        if any(word in one.text for word in modules):
            found |= one.names
        else:
            found.update(name for name in one.names if name.endswith(_ENDINGS))
    return found


def client_words(statements: Iterable[Statement], clients: set[str]) -> set[str]:
    """How the uses of clients are written, and of what a file makes of them.

    Args:
        statements: those of the file.
        clients: the names that it imports.

    Returns:
        Pieces of text, one of which stands in every statement that uses a client.
    """
    names = set(clients)
    own = [one for one in statements if not one.is_import] if clients else []
    for one in own:
        if _descends(one.text, names):
            names |= one.names
    makers = frozenset(names)
    if own:
        for one in own:
            if mentions(one.text, makers):
                names |= set(kept(one.text, makers)) if one.is_definition else one.names
    found = {f"{name}{mark}" for name in names for mark in ".("}
    classes = [name for name in names if name[:1].isupper()]
    return found | {f"{mark}{name}" for name in classes for mark in _ANNOTATING}


def _descends(text: str, names: AbstractSet[str]) -> bool:
    """Whether a statement is a class with one of ``names`` among its bases."""
    found = _CLASS(text) if "class " in text else None
    return found is not None and not names.isdisjoint(_WORDS(found[1]))


def kept(text: str, names: AbstractSet[str]) -> Iterator[str]:
    """The attributes that a function makes of what has one of ``names``.

    ``self.client = AsyncClient()``, also through a parameter that is annotated with the name.
    """
    made = names | set(_declared(text, names))
    for match in _STORED(text):
        end = text.find("\n", match.end())
        if end >= 0 and text[match.end() : end].rstrip().endswith(_OPENING):
            end = text.find("\n", end + 1)
        if not made.isdisjoint(_WORDS(text[match.end() : end if end >= 0 else len(text)])):
            yield match[1]


def _declared(text: str, names: AbstractSet[str]) -> Iterator[str]:
    """The parameters that are annotated with one of the names."""
    for name in names:
        place = text.find(name) if name[:1].isupper() else -1
        while place >= 0:
            found = _PARAMETER(text[max(0, place - 80) : place])
            if found:
                yield found[1]
            place = text.find(name, place + 1)
