"""What the statements of a module bear on those who use them, before any of them is parsed."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from pool_lint.model.foreign import is_foreign
from pool_lint.syntax.clients import client_words, slow_imports
from pool_lint.syntax.looping import runs_coroutines
from pool_lint.syntax.outline import written_by
from pool_lint.syntax.telling import Telling
from pool_lint.syntax.vocabulary import NOTHING_ADDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.syntax.outline import Part

_MAX_DEPTH = 12
_NAME = re.compile(r"\w+").findall
_BASES = re.compile(r"[(,]\s*([A-Z]\w*)").findall


class Bearing:
    """Answers about the statements of one module, from its text and from what it imports.

    Each may be wrong in one direction only: something may be said to matter that does not.

    Args:
        module: the module.
    """

    def __init__(self, module: LazyModule) -> None:
        taught = module.taught
        self._module = module
        self._source = module.source
        self._telling = Telling(
            module.source.facts, taught.vocabulary if taught is not None else NOTHING_ADDED
        )
        self._slow: dict[int, bool] = {}
        self._inert_bases: dict[str, bool] = {}
        # Methods of classes that descend from a client: they wait for it through ``self``.
        self._of_clients: set[int] = set()

    def is_inert(self, name: str) -> bool:
        """Whether ``name`` is a function or class whose body can matter to nobody."""
        parts = self._module.parts_of(name)
        if not parts or self._is_whole:
            return False
        for part in parts:
            if part.kind == "class":
                header = part.text.partition(":")[0]
                uses_client = "self." in part.text and self.is_slow(part)
                if uses_client or self._telling.defines_resource(part.text):
                    return False
                if self._is_client(header):
                    return False
                if not all(self._is_inert_base(base) for base in _BASES(part.header)):
                    return False
            elif part.kind == "def":
                if self.may_matter(part):
                    return False
            elif parts[0].kind != "class" or self._telling.defines_resource(part.text):
                # What is done with a class behind it, ``Model.model_rebuild()``, adds nothing.
                return False
        return True

    def _is_inert_base(self, name: str) -> bool:
        """Whether a class that another one descends from has nothing to hand down."""
        if name in self._inert_bases:
            return self._inert_bases[name]
        self._inert_bases[name] = True
        parts = self._module.parts_of(name)
        path = parts[0].paths.get(name, "") if len(parts) == 1 else ""
        if path and self._module.project is not None and not is_foreign(path):
            found = self._module.project.resolve(path, self._module.path)
            inert = found is None or not found[1] or found[0].bearing._is_inert_base(found[1])
        else:
            inert = not any(
                self._telling.hands_down(part.text)
                or self.is_slow(part)
                or not all(self._is_inert_base(base) for base in _BASES(part.header))
                for part in parts
                if part.kind == "class"
            )
        self._inert_bases[name] = inert
        return inert

    def hands_down(self, name: str, depth: int = _MAX_DEPTH) -> bool:
        """Whether what a name means here is a class that uses sessions of its own."""
        parts = self._module.parts_of(name)
        path = parts[0].paths.get(name, "") if len(parts) == 1 else ""
        if path and self._module.project is not None and not is_foreign(path):
            found = self._module.project.resolve(path, self._module.path)
            if found is None or not found[1] or not depth:
                return False
            return found[0].bearing.hands_down(found[1], depth - 1)
        return any(part.kind == "class" and self._telling.hands_down(part.text) for part in parts)

    def may_matter(self, part: Part) -> bool:
        """Whether a function may be slow, use a session, or return anything of interest."""
        text = part.text
        return (
            self._is_whole
            or self._telling.tells_callers(text)
            or self._telling.returns_resource(text)
            or "cache" in text
            or self._uses_client(text)
        )

    def returns_resource(self, part: Part) -> bool:
        """Whether a function may return or yield an engine, a session, a client or options."""
        return self._is_whole or self._telling.returns_resource(part.text)

    def runs_sql(self, part: Part) -> bool:
        """Whether a function runs statements on something."""
        return self._telling.runs_sql(part.text)

    def is_slow(self, part: Part) -> bool:
        """Whether a function names a library that leaves the process, or a client of one."""
        known = self._slow.get(id(part))
        if known is None:
            text = part.text
            known = self._slow[id(part)] = (
                self._telling.is_slow(text)
                or self._uses_client(text)
                or (id(part) in self._of_clients and "self." in text)
            )
        return known

    def _uses_client(self, text: str) -> bool:
        return any(
            name in text and any(use in text for use in uses) for name, uses in self._clients
        )

    @cached_property
    def _clients(self) -> list[tuple[str, list[str]]]:
        """The clients that the module imports, or makes of slow libraries, and how they are used."""
        names: set[str] = set()
        parts_by_name = self._module.parts
        slow = slow_imports(self._module.statements, self._source.facts.slow_modules)
        for name, parts in parts_by_name.items():
            for part in parts:
                if part.kind != "def" and self._telling.is_slow(part.text):
                    names |= {name} | (
                        written_by(part.text, True) if part.kind == "class" else set()
                    )
        pieces = {f"{name}{mark}" for name in names for mark in ".("}
        uses: dict[str, list[str]] = {}
        for piece in pieces | client_words(self._module.statements, slow):
            word = _NAME(piece)
            if word:
                uses.setdefault(word[0], []).append(piece)
        return list(uses.items())

    @cached_property
    def speaks_of_engines(self) -> bool:
        """Whether the module makes engines or pools, or passes one on that another makes."""
        if self.creates_engines:
            return True
        return self._module.filename.endswith("__init__.py") and "engine" in self._source.text

    def makes(self, part: Part) -> bool:
        """Whether a statement itself makes an engine or a pool."""
        return self._telling.creates(part.text)

    def may_make(self, part: Part) -> bool:
        """Whether a function may make an engine or a pool."""
        text = part.text
        return (
            self._is_whole or self._telling.creates(text) or "engine" in text or "asyncpg" in text
        )

    @property
    def _is_whole(self) -> bool:
        return self._module.project is not None and self._module.project.whole

    def gives_client(self, rest: str) -> bool:
        """Whether a name of the module is that of a class, or of an object, that is slow.

        Args:
            rest: the name, with what follows it.
        """
        word = rest.partition(".")[0]
        if not word or not self.names_slow or f"def {word}(" in self._source.text:
            # A function; asked first, because it spares taking the module apart.
            return False
        return any(
            part.kind != "def" and self.is_slow(part) for part in self._module.parts_of(word)
        )

    @cached_property
    def names_slow(self) -> bool:
        """Whether the module names a library that leaves the process."""
        return self._telling.is_slow(self._source.text)

    @cached_property
    def runs_coroutines(self) -> bool:
        """Whether the module names what makes an event loop for a coroutine."""
        return runs_coroutines(self._source.text)

    @cached_property
    def creates_engines(self) -> bool:
        """Whether the module itself makes engines or pools."""
        return self._telling.creates(self._source.text)

    def hands_session_to(self, body: str) -> Iterator[str]:
        """The dotted names of what is called with a possible session."""
        return self._telling.hands_session_to(body)

    def meet(self, header: str, members: Iterable[Part]) -> None:
        """Take note of a class that was cut into its members.

        Args:
            header: its text before the body.
            members: the statements of its body.
        """
        if self._is_client(header):
            self._of_clients.update(id(member) for member in members)

    def _is_client(self, header: str) -> bool:
        """Whether a class descends from one of a library that leaves the process."""
        bases = header.partition("(")[2].replace(")", "(")
        return self._telling.is_slow(bases) or self._uses_client(bases)
