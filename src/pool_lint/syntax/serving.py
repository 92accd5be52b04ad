"""Which functions that a framework calls are worth reading for what they do with its session.

As everywhere in the screen, what is said here may be wrong in one direction only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pool_lint.syntax.calling import closing
from pool_lint.syntax.facts import says

_STREAMS = ("StreamingResponse", "EventSourceResponse")
_SOCKETS = ("ebsocket", "ebSocket")
_RECEIVING = re.compile(r"\.(?:receive|iter)_?\w*\(").search
_ROUTE = re.compile(r"@[\w.]+\.(?:get|post|put|patch|delete|head|options|route|api_route)\(").search
_ASKING = re.compile(r"\.(?:execute|exec|scalars|stream|stream_scalars|exec_driver_sql)\(").finditer
_ASKING_WORDS = (".execute(", ".exec(", ".scalars(", ".stream", ".exec_driver_sql(")
_GIVEN = re.compile(r"(\w+)[ \t]*(?::[^=\n]+)?=[ \t(]*(?:await\s+)?[\w.]*\Z").search
_RETURNED = re.compile(r"return\b[ \t(]*\s*(?:await\s+)?[\w.()\s]*\Z").search
# What takes the rows out of a result.
_FETCHED = re.compile(r"\.(?:all|first|one|fetch|scalar\(|scalar_one|rowcount)").search
_DEPENDS = re.compile(r"(?:Depends|Security)\(\s*(?:dependency\s*=\s*)?(\w+)\s*[,)]").finditer
_ALIAS = re.compile(r"(\w+)[ \t]*(?::[^=\n]+)?=[ \t]*(?:\w+\.)?Annotated\[").finditer
_DECLARED = re.compile(r":[ \t]*([A-Za-z]\w*(?:Dep|ession|DB|Db|Conn|onnection)\w*)").findall
_PLAIN = frozenset(("AsyncSession", "AsyncConnection", "ClientSession"))
# The rest of a statement that is looked at, and what is looked at before a call.
_NEAR = 160


def returns_result(unit: str) -> bool:
    """Whether a route may return the result of a statement as it is."""
    text = unit.lstrip()
    if not text.startswith("@") or not says(text, _ASKING_WORDS) or not _ROUTE(text):
        return False
    for match in _ASKING(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        end = closing(text, match.end() - 1)
        behind = text[end : end + _NEAR].partition("\n")[0]
        if _RETURNED(before):
            if not _FETCHED(behind):
                return True
            continue
        given = _GIVEN(before)
        if given and not _FETCHED(behind) and f"return {given[1]}" in text:
            return True
    return False


def streams(unit: str) -> bool:
    """Whether a function may answer for as long as its client listens."""
    if says(unit, _STREAMS):
        return True
    return says(unit, _SOCKETS) and _RECEIVING(unit) is not None


def dependencies_in(text: str) -> Iterator[str]:
    """The names that a text gives to ``Depends``."""
    return (match[1] for match in _DEPENDS(text))


def may_hand_out_in_block(function: str) -> bool:
    """Whether a generator may yield inside of a ``begin()`` block."""
    begin = function.find(".begin(")
    return 0 <= begin < function.find("yield")


def names_of_block(
    text: str, functions: dict[str, str], imported: Callable[[str], bool]
) -> frozenset[str]:
    """The names by which a file takes sessions from generators that yield in a ``begin()`` block.

    Args:
        text: the file.
        functions: the texts of its functions, by their names.
        imported: whether what a name imports is such a generator, or an annotation that names one.
    """
    found: set[str] = set()
    for name in {*dependencies_in(text), *_DECLARED(text)} - _PLAIN:
        if may_hand_out_in_block(functions[name]) if name in functions else imported(name):
            found.add(name)
    for match in _ALIAS(text) if found else ():
        end = text.find("\n\n", match.end())
        if not found.isdisjoint(dependencies_in(text[match.end() : end if end >= 0 else None])):
            found.add(match[1])
    return frozenset(found)
