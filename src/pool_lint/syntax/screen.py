"""Which statements are worth parsing: a wide text screen over one statement at a time.

Every pattern begins with a literal, which the regular expression engine finds thirty times faster
than a class of characters; what stands before the literal is read backwards from the match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from pool_lint.knowledge import words
from pool_lint.syntax.calling import (
    acquires_connection,
    has_bare_call,
    method_calls,
)
from pool_lint.syntax.checking_out import may_nest, openers
from pool_lint.syntax.clients import kept
from pool_lint.syntax.colours import is_suspect, makes_session
from pool_lint.syntax.facts import Facts, says
from pool_lint.syntax.hints import Hints
from pool_lint.syntax.leaving import makes_session_for_others, may_leave_open
from pool_lint.syntax.leftovers import leaves_something
from pool_lint.syntax.looping import Helpers, helpers
from pool_lint.syntax.neighbourhood import Neighbours
from pool_lint.syntax.receivers import Receivers, strong_calls
from pool_lint.syntax.retries import names_disconnect, tries_again
from pool_lint.syntax.serving import names_of_block, returns_result, streams
from pool_lint.syntax.slowness import Slowness
from pool_lint.syntax.units import Unit
from pool_lint.syntax.vocabulary import NOTHING_ADDED, Vocabulary
from pool_lint.syntax.writing import makers, may_lose

_WORD = re.compile(r"\w+").findall


class Screen:
    """The screen for one file.

    Args:
        facts: what is known of the whole file.
        units: its statements, as far as they are known.
        neighbours: what is known of the names that it uses.
        vocabulary: the words that the user's settings add.
    """

    def __init__(
        self,
        facts: Facts,
        units: Iterable[Unit] = (),
        neighbours: Neighbours | None = None,
        vocabulary: Vocabulary = NOTHING_ADDED,
    ) -> None:
        self._vocabulary = vocabulary
        # Where such a word stands nothing else tells what matters.
        self._is_taught = facts.says(vocabulary.makers)
        self._units = units
        self._neighbours = neighbours
        self._facts = facts
        self._text = facts.text
        self._receivers = Receivers(facts)
        self._slow = Slowness(facts, units, neighbours, vocabulary)

    @cached_property
    def _hints(self) -> Hints:
        known = self._neighbours
        return Hints(self._text, known.is_no_dependency if known is not None else None)

    @cached_property
    def _committing(self) -> tuple[str, ...]:
        """How a commit is written in the file, and calls of the functions that commit."""
        committing = (unit for unit in self._units if unit.is_function and ".commit(" in unit.text)
        return (".commit(", *(f"{name}(" for unit in committing for name in unit.names))

    @cached_property
    def _leaves(self) -> bool:
        return leaves_something(self._text)

    @cached_property
    def _leavers(self) -> tuple[str, ...]:
        """How the functions of the file are called that leave something on a connection."""
        return tuple(
            f"{name}("
            for unit in self._units
            if unit.is_function and leaves_something(unit.text)
            for name in unit.names
        )

    @cached_property
    def _names_disconnect(self) -> bool:
        return names_disconnect(self._text)

    def creates(self, unit: str) -> bool:
        """Whether the statement may make an engine or a pool."""
        return self._facts.creates(unit, self._vocabulary.engines)

    def keeps(self, unit: str) -> bool:
        """Whether a statement outside functions may make a session that stays."""
        return self._hints.makes(unit)

    def shares(self, unit: str) -> bool:
        """Whether the statement may make or close what all requests share."""
        return says(unit, words.SHARING_WORDS)

    def wants(self, unit: str) -> bool:
        """Whether any rule may have something to say about the statement."""
        if self._is_taught or says(unit, self._facts.unit_words):
            return True
        if "(" not in unit:
            # Nothing is called.
            return False
        if ".acquire(" in unit and acquires_connection(unit):
            return True
        if self._hints.wants(unit):
            return True
        if self._facts.is_migration:
            return False
        if self._facts.opens and says(unit, words.CLOSING_WORDS):
            return True
        is_async = "async " in unit
        if self._facts.makes_async_sessions and is_async and says(unit, self._committing):
            return True
        if says(unit, self._facts.starters) or may_lose(unit, self._session_makers):
            return True
        if self._facts.may_handle and returns_result(unit):
            return True
        receivers = self._receivers.of(unit)
        if receivers and (streams(unit) or says(unit, self._block_names)):
            return True
        if receivers and self._nests(unit):
            return True
        if tries_again(unit, receivers, self._names_disconnect):
            return True
        if may_leave_open(unit, receivers, self._session_openers):
            return True
        if self._leaves and (leaves_something(unit) or says(unit, self._leavers)):
            return True
        if self._runs_coroutines(unit) or says(unit, self._facts.forks):
            return True
        if not receivers:
            uses = says(unit, self._session_users) or self._may_inherit(unit)
            return uses and says(unit, self._slow.words)
        if is_async and self._facts.has_registry:
            return True
        is_slow = says(unit, self._slow.words)
        if not (is_async or is_slow or self._facts.is_async):
            # What another module makes may be async where nothing here says so.
            return makes_session(unit, receivers) or self._slow.is_called(unit)
        if is_slow or ((is_async or self._facts.is_async) and has_bare_call(unit, receivers)):
            return True
        if is_suspect(unit, receivers):
            return True
        if is_async and self._slow.awaits_a_stranger(unit, receivers):
            return True
        return self._slow.is_called(unit)

    def _runs_coroutines(self, unit: str) -> bool:
        """Whether it may run coroutines in an event loop of its own."""
        if says(unit, self._facts.loop_words) or says(unit, self._loop_helpers):
            return True
        return self._distant_helpers is not None and self._distant_helpers.wants(unit)

    @cached_property
    def _loop_helpers(self) -> tuple[str, ...]:
        return helpers(self._units) if self._facts.loop_words else ()

    @cached_property
    def _distant_helpers(self) -> Helpers | None:
        known = self._neighbours
        if known is None or not self._facts.may_handle:
            return None
        return Helpers(self._facts.imports, known.runs_coroutines)

    def _nests(self, unit: str) -> bool:
        """Whether it may take a connection while it holds another one."""
        known = self._neighbours
        opens = known.may_open if known is not None else lambda _: False
        return may_nest(unit, lambda: self._openers, self._imported, opens)

    @cached_property
    def _openers(self) -> tuple[str, ...]:
        """How the functions of the file are called that take a connection."""
        return openers(self._units)

    @cached_property
    def _imported(self) -> frozenset[str]:
        """The names that the file imports."""
        return frozenset(name for unit in self._units if unit.is_import for name in unit.names)

    @cached_property
    def _block_names(self) -> tuple[str, ...]:
        """By what names the file takes sessions that stand in a ``begin()`` block of others."""
        if not self._facts.may_handle:
            return ()
        functions = {
            name: unit.text for unit in self._units if unit.is_function for name in unit.names
        }
        known = self._neighbours
        return tuple(
            names_of_block(
                self._text, functions, known.hands_out_in_block if known else lambda _: False
            )
        )

    @cached_property
    def _session_openers(self) -> tuple[str, ...]:
        """How what makes sessions is called in the file: factories, and functions that return one."""
        made = self._facts.factories
        return made + tuple(
            f"{name}("
            for unit in self._units
            if unit.is_function
            and "return" in unit.text
            and makes_session_for_others(unit.text, made)
            for name in unit.names
        )

    def _may_inherit(self, unit: str) -> bool:
        """Whether a method may use a session through methods of a class of another module."""
        return "await self." in unit and self._inherits

    @cached_property
    def _inherits(self) -> bool:
        """Whether a class of the file descends from one of another module that has a session."""
        known = self._neighbours
        if known is None:
            return False
        imported = {name for unit in self._units if unit.is_import for name in unit.names}
        return any(
            known.hands_down(name)
            for unit in self._units
            if unit.is_header
            for name in imported.intersection(_WORD(unit.text.partition("(")[2].partition(":")[0]))
        )

    @cached_property
    def _session_users(self) -> tuple[str, ...]:
        """How methods call others of their class that use its session, or objects given one."""
        found: set[str] = set()
        for unit in self._units:
            if unit.owner is not None and unit.is_function:
                receivers = self._receivers.of(unit.text)
                if receivers:
                    found.update(f"self.{name}(" for name in unit.names)
                    found.update(f"self.{name}." for name in kept(unit.text, receivers))
        return tuple(found)

    @cached_property
    def _session_makers(self) -> frozenset[str]:
        return makers(self._text)

    def wants_any(self) -> bool:
        """Whether any statement of the file can be wanted, asked of the text as a whole."""
        text = self._text
        if self._is_taught or self._facts.unit_words or ".acquire(" in text:
            return True
        if self._facts.aliases or self._hints.wants_any():
            return True
        if self._facts.is_migration:
            return False
        if self._facts.forks or self._uses_sessions():
            return True
        # This asks other files, and comes last.
        return self._runs_coroutines(text)

    def _uses_sessions(self) -> bool:
        """Whether the file may do something with a session that can be wrong."""
        text = self._text
        if not (says(text, words.SESSION_PIECES) or next(strong_calls(text), None)):
            return False
        return (
            "await " in text
            or bool(self._slow.words)
            or bool(self._facts.starters)
            or next(method_calls(text), None) is not None
        )

    def may_handle(self) -> bool:
        """Whether the file may hold functions that run for every request or task."""
        return self._facts.may_handle
