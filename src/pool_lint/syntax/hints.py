"""Which statements deal with a session's birth: dependencies, their users, and what outlives both.

As everywhere in the screen, a hint may be wrong in one direction only: it may name a statement in
which nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pool_lint.syntax.facts import says

# What makes a session has one of these in its name, whatever else it is called.
_MAKER = r"[\w.]*(?:ession|Local|aker|actory)\w*"
_SESSION_WORDS = ("ession", "Local(", "aker", "actory")
_MARKERS = ("Depends(", "Security(")
_DEPENDS = re.compile(r"(?:Depends|Security)\(\s*(?:dependency\s*=\s*)?([\w.]+)\s*(\(\s*\)?)?")
_CALLED = re.compile(r"sess|db|conn", re.IGNORECASE).search
_NEXT = re.compile(r"next(?:\(\s*[\w.]+\(|__\()").search
_LOOP = re.compile(r"for\s+\w*(?:sess|session|db|conn)\s+in\s+[\w.]+\(").search
_MADE = re.compile(rf"=\s*\(?(?:await\s+)?{_MAKER}\(").search
_YIELDED = re.compile(
    r"yield[ \t(]+(?:from[ \t]+)?([A-Za-z_][\w.]*)[ \t]*([()\[,#\r\n]|$)"
).finditer
_HEADER = re.compile(r":[ \t]*(?:#.*)?\r?\n").search
# How a function says that something outlives it.
_KEPT = ("global ", "cls.")
_STATE = re.compile(r"\.state\.\w+[ \t]*(?::[^=\n]+)?=[ \t]*\(?(?:await[ \t]+)?([\w.]+)").finditer
_GIVEN = re.compile(rf"(\w+)[ \t]*(?::[^=\n]+)?=\s*\(?(?:await\s+)?{_MAKER}\(").finditer
_IS_MAKER = re.compile(_MAKER).fullmatch
_FUNCTION = ("def ", "async def ", "@")


class Hints:
    """The hints for one file.

    Args:
        text: the whole file.
        misleads: whether what an imported name stands for may be no dependency.
    """

    __slots__ = ("_depends", "_loops", "_misleads", "_nexts", "_speaks", "_suspects", "_text")

    def __init__(self, text: str, misleads: Callable[[str], bool] | None = None) -> None:
        self._misleads = misleads
        self._text = text
        self._speaks = says(text, _SESSION_WORDS)
        self._suspects: frozenset[str] | None = None
        # One search of the whole text saves those of its many statements.
        self._depends = self._speaks and says(text, _MARKERS)
        self._loops = self._speaks and _LOOP(text) is not None
        self._nexts = self._speaks and "next" in text and _NEXT(text) is not None

    def wants_any(self) -> bool:
        """Whether any statement of the file may be wanted."""
        text = self._text
        return self._speaks and (
            "yield" in text
            or self._depends
            or self._loops
            or self._nexts
            or _MADE(text) is not None
        )

    def wants(self, unit: str) -> bool:
        """Whether a statement may make a session for others, or take one from a dependency."""
        if not self._speaks:
            return False
        if "yield" in unit and says(unit, _SESSION_WORDS) and _yields_something(unit):
            return True
        if self._nexts and "next" in unit and _NEXT(unit):
            return True
        if self._loops and ("return" in unit or "break" in unit) and _LOOP(unit):
            return True
        return self._shares(unit) or (self._depends and self._misuses(unit))

    def makes(self, unit: str) -> bool:
        """Whether a statement outside functions may make a session."""
        return self._speaks and _MADE(unit) is not None

    def _shares(self, unit: str) -> bool:
        """Whether it makes a session that stays: outside functions, or as a default."""
        if not unit.lstrip().startswith(_FUNCTION):
            return _MADE(unit) is not None
        if says(unit, _KEPT):
            return _MADE(unit) is not None
        if ".state." in unit and _MADE(unit) and _is_kept_in_state(unit):
            return True
        begin = unit.find("def ")
        header = _HEADER(unit, begin)
        return "=" in unit and _MADE(unit, begin, header.end() if header else len(unit)) is not None

    def _misuses(self, unit: str) -> bool:
        """Whether it defines or names a dependency that cannot be one as it stands."""
        suspects = self._known_suspects()
        if not suspects:
            return False
        if says(unit, _MARKERS) and any(
            found[1] in suspects or _is_call(found) for found in _DEPENDS.finditer(unit)
        ):
            return True
        return any(f"def {name}(" in unit for name in suspects)

    def _known_suspects(self) -> frozenset[str]:
        if self._suspects is None:
            found: set[str] = set()
            for match in _DEPENDS.finditer(self._text):
                name = match[1]
                if _is_call(match):
                    found.add(f"{name}()")
                elif name not in found and "." not in name:
                    found.update(self._suspect(name))
            self._suspects = frozenset(found)
        return self._suspects

    def _suspect(self, name: str) -> set[str]:
        """The names of a dependency and of what it is made of, if it may be misused."""
        text = self._text
        if f"def {name}(" in text:
            defined = re.search(rf"^([ \t]*)(?:async )?def {name}\(", text, re.MULTILINE)
        else:
            defined = None
        if defined:
            above = text[max(0, defined.start() - 200) : defined.start()]
            if "contextmanager" in above.rpartition("\n\n")[2]:
                return {name}
            body = _block(text, defined)
            return {name} if _returns_session(body) or _commits_late(body) else set()
        assigned = None
        if any(f"{name}{mark}" in text for mark in (" =", "=", ":")):
            assigned = re.search(rf"^[ \t]*{name}\b[^=\n]*=\s*([\w.]+)\(", text, re.MULTILINE)
        if not assigned:
            return {name} if self._misleads is not None and self._misleads(name) else set()
        maker = assigned[1].rpartition(".")[2]
        if "maker" in maker or "contextmanager" in maker:
            return {name}
        made = re.search(rf"^([ \t]*)class {maker}\b", text, re.MULTILINE)
        if made and _returns_session(_block(text, made)):
            return {name, "__call__"}
        return set()


def _yields_something(unit: str) -> bool:
    """Whether something is yielded that is called like a session, or a name bound here."""
    for match in _YIELDED(unit):
        name = match[1]
        if _CALLED(name) or says(name, _SESSION_WORDS):
            return True
        if match[2] != "(" and says(unit, (f"as {name}", f"{name} =", f"{name}:")):
            return True
    return False


def _is_call(match: re.Match[str]) -> bool:
    """``Depends(get_session())``; a class that is called there makes an object to be called."""
    if match[2] is None:
        return False
    word = match[1].rpartition(".")[2]
    return _CALLED(word) is not None or (match[2].endswith(")") and word[:1].islower())


def _is_kept_in_state(unit: str) -> bool:
    """Whether the state of an application is given what is made, at once or by its name."""
    made = {match[1] for match in _GIVEN(unit)}
    return any(match[1] in made or _IS_MAKER(match[1]) for match in _STATE(unit))


def _block(text: str, match: re.Match[str]) -> str:
    """The text of a definition, from its first line to the next one that is not indented more."""
    header = text.find(":\n", match.end())
    header = text.find(":\r\n", match.end()) if header < 0 else header
    if header < 0:
        return text[match.start() :]
    end = re.compile(rf"^{match[1]}(?=\S)(?!\))", re.MULTILINE).search(text, header + 2)
    return text[match.start() : end.start() if end else len(text)]


def _returns_session(body: str) -> bool:
    return "return" in body and "yield" not in body and says(body, _SESSION_WORDS)


def _commits_late(body: str) -> bool:
    """Whether a generator may commit behind its ``yield``, or hand out what is in a block."""
    begin = body.find("yield")
    return begin >= 0 and (".begin(" in body or ".commit(" in body[begin:])
