"""Which statements may write on a session that they open themselves, or stream from one.

As everywhere in the screen, the answer may be wrong in one direction only: a statement may be
named in which nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pool_lint.syntax.facts import says

_STREAMING = (".stream(", ".stream_scalars(", "yield_per", "stream_results")
_MAKER = re.compile(r"sess|local|maker|factory|db\b", re.IGNORECASE).search
_MADE = re.compile(r"=\s*(?:\w+\.)*(?:async_)?(?:sessionmaker|scoped_session)\b").finditer
_TARGET = re.compile(r"(\w+)[ \t]*(?::[^=\n]*)?\Z").search
_ENTERED = re.compile(r"\)\s+as\s+(\w+)").finditer
_ASSIGNED = re.compile(r"=[ \t]*(?:await[ \t]+)?([\w.]+)\(").finditer
_ASSIGNING = re.compile(r"[ \t]+(\w+)[ \t]*(?::[^=\n]+)?").fullmatch
_OPENER = re.compile(r"([\w.]+)[ \t]*\(").finditer
_WORDS = re.compile(r"\w+").findall
# What is done with a session, or who gets it.
_WRITTEN = re.compile(
    r"\b(\w+)\s*(?:\.(?:add|add_all|merge|delete|bulk_\w+|run_sync|query|execute|exec|scalars?)\(|[,)])"
).finditer
_PIECES = ("ess", "ESS", "ocal", "OCAL", "aker", "AKER", "actory", "ACTORY", "db", "DB", "Db")
_HEADER = re.compile(r":[ \t]*(?:#.*)?\r?\n").search
_NEAR = 200


def makers(text: str) -> frozenset[str]:
    """The names that a file gives to factories of sessions."""
    found = set()
    for match in _MADE(text):
        target = _TARGET(text[max(0, match.start() - 80) : match.start()])
        if target is not None:
            found.add(target[1])
    return frozenset(found)


def may_lose(unit: str, names: frozenset[str]) -> bool:
    """Whether a statement may write on a session that it opens, or read from one bit by bit.

    Args:
        unit: its text.
        names: the names of the file's own factories.
    """
    if says(unit, _STREAMING):
        return True
    if not (says(unit, _PIECES) or says(unit, names)):
        return False
    opened = set(_opened(unit, names))
    return bool(opened) and _writes(opened, unit)


def _opened(unit: str, names: frozenset[str]) -> Iterator[str]:
    """The names of what a statement may open."""
    header: frozenset[str] | None = None
    for name, callee in _bound(unit):
        word = callee.rpartition(".")[2]
        if word not in names and _MAKER(word) is None:
            continue
        root = callee.partition(".")[0]
        if root != callee and root not in ("self", "cls"):
            # What a method of an argument does is nobody's guess.
            if header is None:
                header = frozenset(_WORDS(unit[max(0, unit.find("def ")) : _body(unit)]))
            if root in header:
                continue
        yield name


def _bound(unit: str) -> Iterator[tuple[str, str]]:
    """The names that get what is called, each with what that is."""
    if " as " in unit and "with " in unit:
        for match in _ENTERED(unit):
            head = unit[max(0, match.start() - _NEAR) : match.start()].rpartition("with ")[2]
            for call in _OPENER(head):
                yield match[1], call[1]
    for match in _ASSIGNED(unit):
        begin = match.start()
        target = _ASSIGNING(unit, unit.rfind("\n", 0, begin) + 1, begin)
        if target is not None:
            yield target[1], match[1]


def _body(unit: str) -> int:
    found = _HEADER(unit, max(0, unit.find("def ")))
    return found.end() if found else 0


def _writes(names: set[str], unit: str) -> bool:
    """Whether a session is written on, or handed on, and not committed afterwards."""
    last = {match[1]: match.end() for match in _WRITTEN(unit) if match[1] in names}
    return any(f"{name}.commit(" not in unit[end:] for name, end in last.items())
