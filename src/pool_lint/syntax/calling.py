"""How a statement calls and awaits, read from its text.

As in the screen, every pattern begins with a literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pool_lint.knowledge import words
from pool_lint.syntax.spotting import word_before

method_calls = re.compile(rf"\.(?:{'|'.join(words.COROUTINE_METHODS)})\(").finditer
_AWAIT = re.compile(r"await\b\s*(?:([\w.]+)(\())?").finditer
_MAKER = re.compile(r"\s*=\s*(?:await\s+)?(\w[\w.]*)\(").match
_ACQUIRE = re.compile(r"\.acquire\(").finditer
_PAREN = re.compile(r"[()]").finditer
_AWAITED = re.compile(r"await(?<!\wawait)\s+(?:\w+\s*\.\s*)*\w+\s*\Z").search
_WORD = re.compile(r"\w+").findall


def before(unit: str, matches: Iterable[re.Match[str]]) -> Iterator[str]:
    """The word that stands before each match."""
    for match in matches:
        word = word_before(unit, match.start())
        if word:
            yield word


def acquires_connection(unit: str) -> bool:
    """Whether something is acquired that is not called like a lock."""
    names = before(unit, _ACQUIRE(unit))
    return not all(name.lower().endswith(words.LOCK_ENDINGS) for name in names)


def has_bare_call(unit: str, receivers: set[str]) -> bool:
    """A coroutine method of a possible session that is not directly awaited."""
    for match in method_calls(unit):
        begin = match.start()
        if word_before(unit, begin) in receivers:
            if not _AWAITED(unit[max(0, begin - 160) : begin]):
                return True
            end = closing(unit, match.end() - 1)
            if unit[end : end + 1] == ".":
                return True
    return False


def awaited_strangers(
    unit: str, receivers: set[str], plain: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """The awaited functions that are neither a possible session's nor given one.

    Each with the function that made its object here, as far as there is one.  What is awaited
    without being a call of a name is an empty string.
    """
    for match in _AWAIT(unit):
        callee = match[1]
        if callee is None:
            yield "", ""
            continue
        parts = callee.split(".")
        if len(parts) > 1 and not receivers.isdisjoint(parts[:-1]):
            continue
        makers = _makers(unit, parts[0]) if len(parts) > 1 else set()
        is_own = not plain.isdisjoint((parts[0], parts[-1]))
        if (
            len(parts) > 1
            and not is_own
            and plain.isdisjoint(maker.partition(".")[0] for maker in makers)
        ):
            # A method of an object: either a client's, and then the file has a slow word, or
            # something that nobody can know.
            continue
        arguments = unit[match.start(2) : closing(unit, match.start(2))]
        if receivers.isdisjoint(_WORD(arguments)):
            yield callee, "" if is_own or len(makers) != 1 else next(iter(makers))


def _makers(unit: str, name: str) -> set[str]:
    """The functions that return what a statement binds to a name."""
    found: set[str] = set()
    begin = unit.find(name)
    while begin >= 0:
        made = _MAKER(unit, begin + len(name))
        if made and not unit[begin - 1 : begin].isalnum():
            found.add(made[1])
        begin = unit.find(name, begin + 1)
    return found


def closing(text: str, begin: int) -> int:
    depth = 0
    for match in _PAREN(text, begin):
        depth += 1 if match[0] == "(" else -1
        if depth == 0:
            return match.end()
    return len(text)
