"""What the text of a whole file tells, once for everybody who asks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from pool_lint.knowledge import words
from pool_lint.syntax.imports import bound_by, import_lines, import_statements
from pool_lint.syntax.spotting import grouped, names_ending_in, spotted, word_before

_ALIAS = re.compile(r" as (\w+)").finditer
_ALIASED = frozenset((*(w for w in words.UNIT_WORDS if w.isidentifier()), "AsyncSession", "Session",
                      "asyncpg"))  # fmt: skip
_FACTORY = re.compile(r"(\w+)[ \t]*(?::[^=\n]+)?=[ \t]*[\w.]*sessionmaker\(").finditer
_UNIT_WORDS = grouped(words.UNIT_WORDS, words.UNIT_PIECES)
_STARTING_WORDS = grouped(words.STARTING_WORDS, words.STARTING_PIECES)
_ALEMBIC = re.compile(r"from alembic import .*\bop\b").search


class Facts:
    """The facts about one text.

    Args:
        text: the whole file.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def says(self, pieces: Iterable[str]) -> bool:
        """Whether one of the pieces stands in the text."""
        return says(self.text, pieces)

    def creates(self, unit: str, more: Iterable[str] = ()) -> bool:
        """Whether a statement of it may make an engine or a pool; ``more`` may say so as well."""
        return says(unit, words.CREATION_WORDS) or says(unit, self.aliases) or says(unit, more)

    @cached_property
    def is_async(self) -> bool:
        """Whether it names something of SQLAlchemy's that is async."""
        return self.says(words.ASYNC_WORDS)

    @cached_property
    def unit_words(self) -> tuple[str, ...]:
        """The words, of those that make a statement worth reading, that it has at all."""
        known = (*spotted(_UNIT_WORDS, self.text), *self.aliases)
        # It may import the function by its bare name.
        is_bare = "sqlalchemy.event" in self.text and "listen(" in self.text
        return (*known, "listen(") if is_bare else known

    @cached_property
    def makes_async_sessions(self) -> bool:
        """Whether it may make async sessions, whose objects may expire."""
        return self.says(words.ASYNC_FACTORY_WORDS)

    @cached_property
    def opens(self) -> bool:
        """Whether hooks of the file may open what other hooks close."""
        return self.says(words.HOOK_WORDS) and self.says(words.CREATION_WORDS)

    @cached_property
    def is_migration(self) -> bool:
        """Whether it imports the operations of Alembic."""
        return _ALEMBIC(self.text) is not None

    @cached_property
    def may_handle(self) -> bool:
        """Whether it may hold functions that run for every request or task."""
        return "@" in self.text and self.says(words.HANDLER_WORDS)

    @cached_property
    def imports(self) -> tuple[tuple[str, str], ...]:
        """The names that imports in the first column bind, each with its dotted path."""
        statements = import_statements(self.text)
        return tuple(pair for one in statements for pair in bound_by(one)[0].items())

    @cached_property
    def slow_modules(self) -> tuple[str, ...]:
        """The words of slow libraries that its imports have."""
        imports = "".join(import_lines(self.text))
        return tuple(word for word in words.SLOW_MODULES if word in imports)

    @cached_property
    def slow_calls(self) -> tuple[str, ...]:
        """The calls that leave the process, whatever it imports for them."""
        return tuple(word for word in words.SLOW_CALLS if word in self.text)

    @cached_property
    def starters(self) -> tuple[str, ...]:
        """The words it has of those that start tasks and threads."""
        return tuple(spotted(_STARTING_WORDS, self.text))

    @cached_property
    def loop_words(self) -> tuple[str, ...]:
        """The words it has of those that run a coroutine in an event loop of its own."""
        return tuple(word for word in words.LOOP_WORDS if word in self.text)

    @cached_property
    def forks(self) -> tuple[str, ...]:
        """The words it has of those that fork a process, or that name what runs in one."""
        if not self.says(words.FORK_WORDS) and ".dispose" not in self.text:
            return ()
        known = (*words.FORK_HOOK_WORDS, *words.FORK_WORDS)
        return tuple(word for word in known if word in self.text)

    @cached_property
    def has_registry(self) -> bool:
        """Whether it makes a registry of sessions, one for each thread."""
        return "scoped_session(" in self.text

    @cached_property
    def session_names(self) -> frozenset[str]:
        """What it calls what may be a session or a connection."""
        return names_ending_in(self.text, words.SESSION_ENDINGS)

    @cached_property
    def factories(self) -> tuple[str, ...]:
        """How the session factories are called that it makes itself."""
        if "sessionmaker(" not in self.text:
            return ()
        return tuple({f"{match[1]}(" for match in _FACTORY(self.text)})

    @cached_property
    def aliases(self) -> tuple[str, ...]:
        """Other names that it gives to what makes engines and sessions."""
        text = self.text
        found = ((word_before(text, match.start()), match[1]) for match in _ALIAS(text))
        return tuple(new for old, new in found if old in _ALIASED)


def says(text: str, pieces: Iterable[str]) -> bool:
    """Whether one of ``pieces`` stands in ``text``."""
    for piece in pieces:
        if piece in text:
            return True
    return False
