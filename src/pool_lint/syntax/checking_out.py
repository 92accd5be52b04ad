"""Which functions may take a connection for themselves, and which may take two at once.

As everywhere in the screen, what is said here may be wrong in one direction only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from pool_lint.syntax.facts import says

if TYPE_CHECKING:
    from pool_lint.syntax.units import Unit

# What is called on something else is no session's maker, unless that is the object itself.
_OWN = r"(?:with|in|=|await|\()\s*(?:await\s+)?(?:self\.|cls\.)?(?:(\w+)\.)?"
# Of a text in small letters, which is searched much faster than one of both kinds.
_OPENING = re.compile(
    r"\.(?:acquire|connect|begin|raw_connection)\(|pool\w*\.(?:fetch|execute)\w*\("
    rf"|{_OWN}\w*(?:session|sess|local|maker|factory|db|conn|engine|pool)\w*\("
)
_PIECES = (
    "ess",
    "acquire",
    "onnect",
    ".begin(",
    "ocal",
    "aker",
    "actory",
    "db",
    "DB",
    "pool",
    "conn",
)
# A parameter that is a session or connection of a dependency's.
_GIVEN = re.compile(
    r"\w+\s*:[^,:]*(?:ession|onnection|Dep\b)[^:]*?(?:Depends\(|Dep\b)|\w*(?:sess|db|conn)\w*\s*="
    r"\s*Depends\(|\w+\s*:\s*\w*(?:Dep|DB|Db)\b|:[^:]*Depends\(\s*\w*(?:sess|_db\b|conn)"
).search
_GIVEN_SHORTLY = re.compile(r"D[Bb]\b").finditer
_TYPED = re.compile(r"\w\s*:\s*\w*\Z").search
_PARAMETERS = re.compile(r"[(,]\s*\*{0,2}(\w+)").findall
# The beginning of a line that may end a block.
_LINE = re.compile(r"\n([ \t]*)(?=[^\s)])").finditer
_CALLED = re.compile(r"([A-Za-z_][\w.]*)\(").finditer
# Rounds in which functions are found that open by way of others.
_ROUNDS = 3
# A method by a shorter name has too many namesakes.
_SHORTEST = 7


def opens(text: str) -> bool:
    """Whether a function may take a connection for itself."""
    begin = len(text) - len(body_of(text))
    return next(_openings(text, begin, _parameters(text, begin)), None) is not None


def _openings(text: str, begin: int, parameters: frozenset[str]) -> Iterator[re.Match[str]]:
    if says(text, _PIECES):
        lowered = text.lower()
        pattern = _OPENING
        if len(lowered) != len(text):
            # A few letters become two when they are made small: places would no longer agree.
            lowered, pattern = text, re.compile(_OPENING.pattern, re.IGNORECASE)
        for match in pattern.finditer(lowered, begin):
            # What an object opens that the function was given is nobody's to know.
            if match[1] is None or text[match.start(1) : match.end(1)] not in parameters:
                yield match


def _parameters(text: str, end: int) -> frozenset[str]:
    """What a function is given, but for its own object."""
    begin = text.find("def ", 0, end)
    return frozenset(_PARAMETERS(text, begin, end) if begin >= 0 else ()) - {"self", "cls"}


def openers(units: Iterable[Unit]) -> tuple[str, ...]:
    """How the functions of a file are called that may take a connection, be it by another one."""
    pending = [unit for unit in units if unit.body]
    calls: set[str] = set()
    for _ in range(_ROUNDS):
        found = [unit for unit in pending if opens(unit.text) or says(body_of(unit.text), calls)]
        if not found:
            break
        pending = [unit for unit in pending if not any(unit is one for one in found)]
        for unit in found:
            calls.update(call for name in unit.names for call in _calls_of(name, unit))
    return tuple(calls)


def _calls_of(name: str, unit: Unit) -> Iterator[str]:
    if unit.owner is None:
        yield f"{name}("
        return
    yield f"self.{name}("
    if len(name) >= _SHORTEST:
        yield f".{name}("


def may_nest(
    unit: str,
    own: Callable[[], tuple[str, ...]],
    imported: frozenset[str],
    is_opener: Callable[[str], bool],
) -> bool:
    """Whether a function may take a connection while it holds another one.

    Args:
        unit: its text.
        own: tells how the functions of its file are called that take one.
        imported: the names that the file imports.
        is_opener: whether the function of a dotted name may take one.
    """
    head = len(unit) - len(body_of(unit))
    parameters = _parameters(unit, head)
    for region in _held(unit, head, parameters):
        if next(_openings(region, 0, parameters), None) or says(region, own()):
            return True
        for name in {match[1] for match in _CALLED(region)}:
            if name.partition(".")[0] in imported and is_opener(name):
                return True
    return False


def _is_given(head: str) -> bool:
    """Whether a function takes a session or a connection of a dependency's."""
    if "Dep" in head:
        return _GIVEN(head) is not None
    # The rest of the pattern asks for that word; and this is found much faster.
    return any(_TYPED(head, 0, match.start()) for match in _GIVEN_SHORTLY(head))


def _held(unit: str, head: int, parameters: frozenset[str]) -> Iterator[str]:
    """What runs while a connection may be held: a block, or the rest of the function."""
    if _is_given(unit[:head]):
        yield unit[head:]
        return
    for match in _openings(unit, head, parameters):
        begin = unit.rfind("\n", 0, match.start() + 1) + 1
        line = unit[begin:].lstrip(" \t")
        if line.startswith(("with ", "async with ", "for ", "async for ")):
            indent = len(unit) - begin - len(line)
            ends = (m.start(1) for m in _LINE(unit, match.end()) if len(m[1]) <= indent)
            yield unit[match.end() : next(ends, len(unit))]
        else:
            yield unit[match.end() :]


def body_of(text: str) -> str:
    """What a function does, without its head, which names types and dependencies."""
    begin = text.find("def ")
    end = text.find(":\n", begin)
    end = text.find(":\r\n", begin) if end < 0 else end
    return text[end + 1 :] if begin >= 0 and end >= 0 else text
