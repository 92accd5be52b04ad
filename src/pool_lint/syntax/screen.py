"""Which statements are worth parsing: a wide text screen over one statement at a time.

Every pattern begins with a literal, which the regular expression engine finds thirty times faster
than a class of characters; what stands before the literal is read backwards from the match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Protocol

from pool_lint.knowledge import words
from pool_lint.syntax.calling import (
    acquires_connection,
    awaited_strangers,
    before,
    closing,
    has_bare_call,
    method_calls,
)
from pool_lint.syntax.checking_out import may_nest, openers
from pool_lint.syntax.clients import client_words, kept, slow_imports
from pool_lint.syntax.colours import is_suspect, makes_session
from pool_lint.syntax.facts import Facts, says
from pool_lint.syntax.hints import Hints
from pool_lint.syntax.leaving import makes_session_for_others, may_leave_open
from pool_lint.syntax.leftovers import leaves_something
from pool_lint.syntax.looping import Helpers, helpers
from pool_lint.syntax.retries import names_disconnect, tries_again
from pool_lint.syntax.serving import names_of_block, returns_result, streams
from pool_lint.syntax.spotting import occurring
from pool_lint.syntax.units import Unit
from pool_lint.syntax.vocabulary import NOTHING_ADDED, Vocabulary
from pool_lint.syntax.writing import makers, may_lose

_STRONG = re.compile(rf"\.(?:{'|'.join(words.STRONG_METHODS)})\(").finditer
_ANNOTATED = ("Session", "Connection", "Engine")
_ANNOTATION = re.compile(r":\s*[\w.\[\"']*(?:Session|Connection|Engine)\b").finditer
_RESULT = re.compile(r"=\s*\(?\s*await\s+[\w.]+\.(?:execute|stream)\w*\(").finditer
_RETURN = re.compile(r"return\s+(?:(\{|dict\()|(?:await\s+)?([\w.]+))").finditer
_ARGUMENT = re.compile(r"[(,]\s*(?:\w+\s*=\s*)?([\w.]+)\s*(?=[,)])").finditer
_CALLEE = re.compile(r"(?<!\w)([A-Za-z_][\w.]*)\(").finditer
_WORD = re.compile(r"\w+").findall
_DEFINITION = re.compile(r"def (\w+)").search
_LOCAL_IMPORT = re.compile(r"\n[ \t]+from[ \t]+([\w.]+)[ \t]+import[ \t]").finditer
# A longer function that names a slow library does more than make a client.
_SHORT = 30


class Neighbours(Protocol):
    """What is known of the names that a file uses."""

    vocabulary: Vocabulary

    def makes_engine(self, path: str) -> bool:
        """Whether what an import names may make an engine or a pool."""

    def may_wait(self, name: str) -> bool:
        """Whether the function of that dotted name may wait for something slow."""

    def waits(self, name: str) -> bool:
        """Whether a function of that dotted name is to be seen that may wait for something slow."""

    def is_slow(self, path: str) -> bool:
        """Whether the module of that dotted path names a library that leaves the process."""

    def is_client(self, path: str) -> bool:
        """Whether what an import names may be a class, or an object, that calls something slow."""

    def hands_down(self, name: str) -> bool:
        """Whether what a name imports is a class of the project that uses sessions of its own."""

    def is_no_dependency(self, name: str) -> bool:
        """Whether what a name imports may be a context manager or a session factory."""

    def hands_out_in_block(self, name: str) -> bool:
        """Whether what a name imports may be a dependency that yields in a ``begin()`` block."""

    def may_open(self, name: str) -> bool:
        """Whether a function of that dotted name may take a connection for itself."""

    def may_give(self, name: str) -> bool:
        """Whether the function of that dotted name may return something slow."""

    def runs_coroutines(self, name: str) -> bool:
        """Whether a function of that name is found that may run what it is given in a loop."""


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
        self._waiting: dict[str, bool] = {}
        self._received: dict[str, set[str]] = {}

    @cached_property
    def _hints(self) -> Hints:
        known = self._neighbours
        return Hints(self._text, known.is_no_dependency if known is not None else None)

    @cached_property
    def _committing(self) -> tuple[str, ...]:
        """How a commit is written in the file, and calls of the functions that commit."""
        committing = (unit for unit in self._units if unit.body and ".commit(" in unit.text)
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
            if unit.body and leaves_something(unit.text)
            for name in unit.names
        )

    @cached_property
    def _names_disconnect(self) -> bool:
        return names_disconnect(self._text)

    @cached_property
    def _slow_words(self) -> list[str]:
        """The slow words that the file has at all."""
        found = [*self._facts.slow_modules, *self._facts.slow_calls]
        found += [word for word in self._vocabulary.external if word in self._text]
        clients = slow_imports(self._units, found)
        return [*found, *sorted(client_words(self._units, clients)), *self._makers(found)]

    def _makers(self, modules: list[str]) -> Iterator[str]:
        """How the names are used that statements with a slow library's name give a meaning."""
        for unit in self._units:
            if not unit.is_import and says(unit.text, modules):
                for name in unit.written if unit.body else unit.names:
                    yield f"{name}."
                    yield f"{name}("

    @cached_property
    def plain(self) -> frozenset[str]:
        """The functions that the file defines or imports."""
        return frozenset(
            name for unit in self._units if unit.body or unit.is_import for name in unit.names
        )

    def creates(self, unit: str) -> bool:
        """Whether the statement may make an engine or a pool."""
        if says(unit, words.CREATION_WORDS) or says(unit, self._facts.aliases):
            return True
        return says(unit, self._vocabulary.engines)

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
        receivers = self._receivers(unit)
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
            return uses and says(unit, self._slow_words)
        if is_async and self._facts.has_registry:
            return True
        is_slow = says(unit, self._slow_words)
        if not (is_async or is_slow or self._facts.is_async):
            # What another module makes may be async where nothing here says so.
            return makes_session(unit, receivers) or self._calls_slow(unit)
        if is_slow or ((is_async or self._facts.is_async) and has_bare_call(unit, receivers)):
            return True
        if is_suspect(unit, receivers):
            return True
        if is_async and self._awaits_a_stranger(unit, receivers):
            return True
        return self._calls_slow(unit)

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
        return Helpers(self._text, known.runs_coroutines)

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
        functions = {name: unit.text for unit in self._units if unit.body for name in unit.names}
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
            if unit.body and "return" in unit.text and makes_session_for_others(unit.text, made)
            for name in unit.names
        )

    def _awaits_a_stranger(self, unit: str, receivers: set[str]) -> bool:
        """An awaited call of what may be slow, neither made on a possible session nor given one."""
        known = self._neighbours
        for callee, maker in awaited_strangers(unit, receivers, self.plain):
            if known is None or not callee:
                return True
            if known.may_give(maker) if maker else known.may_wait(callee):
                return True
        return False

    def _calls_slow(self, unit: str) -> bool:
        """Whether it calls a function that is known to wait, be it given a session."""
        # Decorators are called once, when the function is defined.
        body = unit[max(0, unit.find("def ")) :]
        if says(body, self._slow_calls):
            return True
        known = self._neighbours
        if known is None:
            return False
        if any(call in body and self._waits(name, known) for name, call in self._calls):
            return True
        if says(unit, self._project_clients):
            return True
        return " import " in body and any(known.is_slow(m[1]) for m in _LOCAL_IMPORT(body))

    def _waits(self, name: str, known: Neighbours) -> bool:
        if name not in self._waiting:
            self._waiting[name] = known.waits(name)
        return self._waiting[name]

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
            if unit.owner is not None and unit.body:
                receivers = self._receivers(unit.text)
                if receivers:
                    found.update(f"self.{name}(" for name in unit.names)
                    found.update(f"self.{name}." for name in kept(unit.text, receivers))
        return tuple(found)

    @cached_property
    def _project_clients(self) -> tuple[str, ...]:
        """How the objects are used that other modules of the project make clients of."""
        known = self._neighbours
        text = self._text
        clients = {
            name
            for unit in self._units
            if unit.is_import and known is not None
            for name, path in unit.paths.items()
            if known.is_client(path)
            if f"{name}." in text or (name[:1].isupper() and text.count(name) > 1)
        }
        return tuple(client_words(self._units, clients))

    @cached_property
    def _slow_calls(self) -> tuple[str, ...]:
        """How the functions and methods of the file are called that name something slow."""
        named = self._slow_words
        slow = (
            unit.names for unit in self._units if unit.body and named and says(unit.text, named)
        )
        return tuple(f"{name}(" for names in slow for name in names)

    @cached_property
    def _calls(self) -> tuple[tuple[str, str], ...]:
        """The functions that the file calls, and the text of a call.

        Its own only where it names something slow; those of other modules may.
        """
        named = self._slow_words
        names = {
            name
            for unit in self._units
            if unit.is_import or (unit.body and named)
            for name in unit.names
        }
        calls = ((name, f"{name}(") for name in names)
        return tuple((name, call) for name, call in calls if call in self._text)

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
        if self._runs_coroutines(text) or self._facts.forks:
            return True
        if not (says(text, words.SESSION_PIECES) or next(_STRONG(text), None)):
            return False
        return (
            "await " in text
            or bool(self._slow_words)
            or bool(self._facts.starters)
            or next(method_calls(text), None) is not None
        )

    def tells_callers(self, unit: str) -> bool:
        """Whether the body of a function may matter to those who call it."""
        return (
            "await " in unit
            or "yield" in unit
            or "global " in unit
            or says(unit, self._facts.loop_words)
            or self.creates(unit)
            or says(unit, self._slow_words)
            or bool(self._receivers(unit))
        )

    def is_slow(self, unit: str) -> bool:
        """Whether a statement names a library that leaves the process."""
        return says(unit, self._slow_words)

    def may_handle(self) -> bool:
        """Whether the file may hold functions that run for every request or task."""
        return self._facts.may_handle

    def runs_sql(self, unit: str) -> bool:
        """Whether a statement calls what may run SQL."""
        return next(method_calls(unit), None) is not None or "query(" in unit

    def hands_session_to(self, unit: str) -> Iterator[str]:
        """The dotted names of what is called with a possible session as an argument."""
        receivers = self._receivers(unit)
        for call in _CALLEE(unit) if receivers else ():
            if not receivers.isdisjoint(call[1].split(".")[:-1]):
                continue
            end = closing(unit, call.end() - 1)
            arguments = unit[call.end() - 1 : end]
            if any(m[1].rpartition(".")[2] in receivers for m in _ARGUMENT(arguments)):
                yield call[1]

    def defines_resource(self, unit: str) -> bool:
        """Whether the objects of a class may hold, or be, something of the libraries."""
        if says(unit, words.RESOURCE_WORDS) or says(unit, self._vocabulary.makers):
            return True
        return self.is_slow(unit) and (
            "await " in unit or "self." in unit or self.is_slow(unit.partition(":")[0])
        )

    def hands_down(self, unit: str) -> bool:
        """Whether a class has something that matters to those who descend from it."""
        if "Session" in unit.partition(":")[0]:
            return True
        return self.runs_sql(unit) and bool(self._receivers(unit))

    def returns_resource(self, unit: str) -> bool:
        """Whether a function may return or yield something that matters."""
        if self.creates(unit) or "yield" in unit or says(unit, self._vocabulary.makers):
            return True
        tells: tuple[str, ...] = words.RESULT_WORDS
        if "asyncpg" in self._text:
            tells += ("pool", "Pool")
        name = _DEFINITION(unit)
        if name and says(name[1], words.OPTION_NAMES):
            return True
        begin = unit.find("->")
        if begin >= 0 and says(unit[begin : unit.find(":\n", begin)], tells):
            return True
        for match in _RETURN(unit):
            if match[1] or says(match[2].rpartition(".")[2], tells):
                return True
        return self.is_slow(unit) and "return" in unit and unit.count("\n") < _SHORT

    def _receivers(self, unit: str) -> set[str]:
        """Names that may be a session, a connection or an engine."""
        known = self._received.get(unit)
        if known is None:
            known = self._received[unit] = self._receiving(unit)
        return known

    def _receiving(self, unit: str) -> set[str]:
        found = set(occurring(self._facts.session_names, unit))
        found.update(before(unit, _STRONG(unit)))
        if says(unit, _ANNOTATED):
            found.update(before(unit, _ANNOTATION(unit)))
        return found.difference(before(unit, _RESULT(unit))) if found else found


def vocabulary_of(neighbours: Neighbours | None) -> Vocabulary:
    """The words that the user's settings add in a file of which something is known."""
    return neighbours.vocabulary if neighbours is not None else NOTHING_ADDED
