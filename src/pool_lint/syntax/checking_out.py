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

_TAKING = frozenset(("acquire", "connect", "begin", "raw_connection"))
_SENDING = ("fetch", "execute")
_MAKERS = ("sess", "local", "maker", "factory", "db", "conn", "engine", "pool")
# What may be one of them, in a text of small letters.
_CALL = re.compile(rf"(?:acquire|begin|{'|'.join((*_SENDING, *_MAKERS))})\w*\(").finditer
# What stands before a call that makes something to be used here.
_USED = ("with", "in", "=", "await", "(")
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
# What tells that a parameter is given by a dependency, and what stands beside it for a session.
_DEPENDENCY = re.compile(r"D(?:ep\b|epends\(|B\b|b\b)").finditer
_TYPED = re.compile(r"\w\s*:\s*\w*\Z").search
_DEFAULT = re.compile(r"(?:sess|db|conn)\w*\s*=\s*\Z").search
_PROVIDER = re.compile(r"\s*\w*(?:sess|_db\b|conn)").match
_ANNOTATED = ("ession", "onnection")
_PARAMETERS = re.compile(r"[(,]\s*\*{0,2}(\w+)").findall
# The beginning of a line that may end a block.
_LINE = re.compile(r"\n([ \t]*)(?=[^\s)])").finditer
_CALLED = re.compile(r"(?<!\w)([A-Za-z_][\w.]*)\(").finditer
# Rounds in which functions are found that open by way of others.
_ROUNDS = 3
# How far it stands at most.
_NEAR = 80
# A method by a shorter name has too many namesakes.
_SHORTEST = 7


def opens(text: str) -> bool:
    """Whether a function may take a connection for itself."""
    begin = len(text) - len(body_of(text))
    return next(_openings(text, begin, _parameters(text, begin)), None) is not None


def _openings(text: str, begin: int, parameters: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where connections may be taken, and where the brackets of these calls begin."""
    if not says(text, _PIECES):
        return
    lowered = text.lower()
    if len(lowered) != len(text):
        # A few letters become two when they are made small: places would no longer agree.
        lowered = "".join(char.lower() if char.isascii() else char for char in text)
    for match in _CALL(lowered, begin):
        place = match.start()
        while place > begin and (lowered[place - 1].isalnum() or lowered[place - 1] in "_."):
            place -= 1
        while lowered[place] == ".":
            place += 1
        path = lowered[place : match.end() - 1].split(".")
        word = path[-1]
        is_method = len(path) > 1 or lowered[place - 1 : place] == "."
        if (
            is_method
            and word in _TAKING
            or len(path) > 1
            and "pool" in path[-2]
            and word.startswith(_SENDING)
        ):
            yield place, match.end()
        elif says(word, _MAKERS):
            before = lowered[max(0, place - _NEAR) : place].rstrip()
            own = path[1:] if path[0] in ("self", "cls") else path
            # What is called on something else is no session's maker, unless that is the object
            # itself; and what an object opens that the function was given is nobody's to know.
            name = text[match.end() - 1 - len(".".join(own)) :][: len(own[0])]
            if before.endswith(_USED) and (
                len(own) == 1 or (len(own) == 2 and name not in parameters)
            ):
                yield max(0, place - _NEAR) + len(before), match.end()


def _parameters(text: str, end: int) -> frozenset[str]:
    """What a function is given, but for its own object."""
    begin = text.find("def ", 0, end)
    return frozenset(_PARAMETERS(text, begin, end) if begin >= 0 else ()) - {"self", "cls"}


def openers(units: Iterable[Unit]) -> tuple[str, ...]:
    """How the functions of a file are called that may take a connection, be it by another one."""
    pending = [unit for unit in units if unit.is_function]
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
    for match in _DEPENDENCY(head):
        begin = match.start()
        near = head[max(0, begin - 80) : begin]
        if match[0] != "Depends(":
            if _TYPED(near):
                return True
        elif _DEFAULT(near) or _PROVIDER(head, match.end()):
            return True
        if match[0][:3] == "Dep" and says(head[head.rfind(":", 0, begin) + 1 : begin], _ANNOTATED):
            return True
    return False


def _held(unit: str, head: int, parameters: frozenset[str]) -> Iterator[str]:
    """What runs while a connection may be held: a block, or the rest of the function."""
    if _is_given(unit[:head]):
        yield unit[head:]
        return
    for place, end in _openings(unit, head, parameters):
        begin = unit.rfind("\n", 0, place + 1) + 1
        line = unit[begin:].lstrip(" \t")
        if line.startswith(("with ", "async with ", "for ", "async for ")):
            indent = len(unit) - begin - len(line)
            ends = (m.start(1) for m in _LINE(unit, end) if len(m[1]) <= indent)
            yield unit[end : next(ends, len(unit))]
        else:
            yield unit[end:]


def body_of(text: str) -> str:
    """What a function does, without its head, which names types and dependencies."""
    begin = text.find("def ")
    end = text.find(":\n", begin)
    end = text.find(":\r\n", begin) if end < 0 else end
    return text[end + 1 :] if begin >= 0 and end >= 0 else text
