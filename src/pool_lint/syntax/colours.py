"""Which statements may treat sync objects as async ones, or the reverse.

As everywhere in the screen, the answer may be wrong in one direction only: a statement may be
named in which nothing is found.
"""

from __future__ import annotations

import re

from pool_lint.syntax.spotting import word_before

_PLAIN = re.compile(
    r"\.(?:add|add_all|expunge|expunge_all|expire|expire_all|in_transaction|is_modified"
    r"|in_nested_transaction|get_bind|get_transaction|get_nested_transaction)\("
).finditer
_RESULT = re.compile(r"=\s*\(?\s*await\s+[\w.]+\.execute\(").finditer
_WITH = re.compile(r"with(?<!\wwith)\s+([\w.]+)\s*(\(|as\b|:|,)").finditer
_LOOP = re.compile(r"for(?<!\wfor)\s+(\w+)\s+in\s+[\w.]+\(").finditer
_MADE = re.compile(r"(?:ession|Local|aker|actory)\w*\(\)").finditer
_TARGET = re.compile(r"(\w+)[ \t]*=[ \t]*[\w.]*\Z").search
_AWAITED = re.compile(r"await(?<!\wawait)\s+(?:\w+\s*\.\s*)*\w+\s*\Z").search
_MAKERS = ("session", "sess", "maker", "local", "factory", "db", "conn", "engine", "sessions")


def is_suspect(unit: str, receivers: set[str]) -> bool:
    """Whether a statement may await a plain method, or enter something in the wrong way.

    Args:
        unit: its text.
        receivers: the names in it that may be a session, a connection or an engine.
    """
    return (
        ("with " in unit and _enters(unit))
        or ("await " in unit and _awaits_plain(unit, receivers))
        or ("for " in unit and _loops(unit, receivers))
        or makes_session(unit, receivers)
    )


def _enters(unit: str) -> bool:
    for match in _WITH(unit):
        word = match[1].rpartition(".")[2].lower()
        is_async = unit[max(0, match.start() - 6) : match.start()] == "async "
        if (not is_async or match[2] != "(") and word.endswith(_MAKERS):
            return True
    return False


def _awaits_plain(unit: str, receivers: set[str]) -> bool:
    for match in _PLAIN(unit):
        begin = match.start()
        if word_before(unit, begin) in receivers and _AWAITED(unit[max(0, begin - 160) : begin]):
            return True
    for match in _RESULT(unit):
        result = word_before(unit, match.start())
        if result and f"await {result}." in unit:
            return True
    return False


def _loops(unit: str, receivers: set[str]) -> bool:
    """``for session in get_session():`` in a coroutine."""
    return any(
        match[1] in receivers and unit[max(0, match.start() - 6) : match.start()] != "async "
        for match in _LOOP(unit)
    )


def makes_session(unit: str, receivers: set[str] | None = None) -> bool:
    """Whether a statement has a ``session = SessionLocal()``, which nobody has to wait for.

    Args:
        unit: its text.
        receivers: the names in it that may be a session; None to take any name for one.
    """
    for match in _MADE(unit):
        target = _TARGET(unit[max(0, match.start() - 80) : match.start()])
        if target and (receivers is None or target[1] in receivers):
            return True
    return False
