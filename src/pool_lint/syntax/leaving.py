"""Which statements may leave a session open, or use one that is closed.

As everywhere in the screen, the answer may be wrong in one direction only: a statement may be
named in which nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pool_lint.knowledge import words

_OPENER = re.compile(r"(?:ession|Local|aker|actory|conn|db)\w*\(").finditer
_TARGET = re.compile(r"(\w+)[ \t]*(?::[^=\n]+)?=[ \t]*\(?(?:await[ \t]+)?[\w.()\[\]]*\Z").search
_GIVEN = re.compile(r"(?:=|return)[ \t]*\(?(?:await[ \t]+)?[\w.()\[\]]*\Z").search
_CHAIN = re.compile(
    rf"(?:ession|Local|aker|actory)\w*\([^()\n]*\)\s*\.(?:{'|'.join(words.STRONG_METHODS)}|query)\("
).search
_BOUND = re.compile(r"as(?<!\was)[ \t]+(\w+)[ \t]*[,:]").findall


def may_leave_open(unit: str, receivers: set[str], factories: Iterable[str] = ()) -> bool:
    """Whether a statement may open a session by hand, or use one behind its block.

    Args:
        unit: its text.
        receivers: the names in it that may be a session, a connection or an engine.
        factories: how session factories are called that the file makes itself.
    """
    if "def " not in unit:
        return False
    if any(
        f"= {name}" in unit or f"={name}" in unit or f"await {name}" in unit for name in factories
    ):
        return True
    first = -1
    for match in _OPENER(unit):
        first = match.start() if first < 0 else first
        target = _TARGET(unit[max(0, match.start() - 120) : match.start()]) if receivers else None
        if target and target[1] in receivers:
            return True
    if first >= 0 and _CHAIN(unit, first):
        return True
    return " as " in unit and any(
        name in receivers and (f"return {name}" in unit or _is_used_behind(unit, name))
        for name in set(_BOUND(unit))
    )


def makes_session_for_others(unit: str, factories: Iterable[str]) -> bool:
    """Whether a function may return a session, or a connection, that it makes.

    Args:
        unit: its text.
        factories: how session factories are called that the file makes itself.
    """
    if any(f"= {name}" in unit or f"return {name}" in unit for name in factories):
        return True
    return any(_GIVEN(unit[max(0, match.start() - 120) : match.start()]) for match in _OPENER(unit))


def _is_used_behind(unit: str, name: str) -> bool:
    """Whether a name that a block binds is spoken of on a line outside of every such block."""
    binds, use = f"as {name}", f"{name}."
    if unit.count(use) == 0:
        return False
    inside: int | None = None
    bound = False
    for line in unit.splitlines():
        code = line.lstrip()
        if not code:
            continue
        indent = len(line) - len(code)
        if inside is not None and indent <= inside and not code.startswith(")"):
            inside = None
        if binds in line and inside is None:
            inside, bound = indent, True
            # The items of a long header stand deeper than the block that they belong to.
            if not code.startswith(("with ", "async with ")):
                inside = max(0, indent - 1)
        elif inside is None and bound and use in line:
            return True
    return False
