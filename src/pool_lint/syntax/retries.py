"""Which statements may try again what has failed: a text screen over loops and decorators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pool_lint.syntax.facts import says

_HEAD = re.compile(r"^([ \t]*)(?:async[ \t]+)?(for|while|try|def|class)\b", re.MULTILINE).finditer
_CLAUSE = re.compile(r"except\b([^\n]*)").match
_WORD = re.compile(r"\w+").findall
# How the libraries are used that call a function again.
_LIBRARIES = ("retry", "backoff", "Retrying(", "stamina")
_LOOPS = ("Retrying(", "retry_context(")
_DECORATED = ("@retry", "@tenacity.", "@backoff.", "@stamina.", "@on_exception", "@retrying.")
# What catches an error of the database; anything in capitals may be a tuple of such.
_CATCHING = frozenset(
    ("Exception", "BaseException", "SQLAlchemyError", "StatementError", "DBAPIError",
     "InterfaceError", "DatabaseError", "OperationalError", "IntegrityError", "DataError",
     "InternalError", "ProgrammingError", "NotSupportedError", "StaleDataError", "FlushError")
)  # fmt: skip
_DISCONNECT = frozenset(
    ("OperationalError", "DisconnectionError", "ConnectionResetError", "PostgresConnectionError",
     "ConnectionDoesNotExistError", "ConnectionFailureError", "AdminShutdownError")
)  # fmt: skip
_LEAVING = ("raise", "return", "break")
_TIDY = (".rollback(", ".close(", ".aclose(")


def names_disconnect(text: str) -> bool:
    """Whether a file names an exception by which somebody waits for a lost connection."""
    return says(text, _DISCONNECT)


def tries_again(unit: str, receivers: Iterable[str], waits: bool) -> bool:
    """Whether an error of the database may be caught and what failed be done again.

    Args:
        unit: the text of a statement.
        receivers: what may be a session or a connection in it.
        waits: whether the file names an exception that tells of a lost connection.
    """
    if says(unit, _LIBRARIES) and (
        says(unit, _LOOPS) or says(unit.partition("def ")[0], _DECORATED)
    ):
        return True
    if "except" not in unit or not says(unit, ("for ", "while ")):
        return False
    return any(_goes_on(*attempt, receivers, waits) for attempt in _attempts(unit))


def _goes_on(
    before: str,
    body: str,
    clauses: list[tuple[str, str]],
    receivers: Iterable[str],
    waits: bool,
) -> bool:
    for head, handler in clauses:
        caught = _WORD(head)
        is_constant = any(map(str.isupper, caught))
        if waits and (is_constant or not _DISCONNECT.isdisjoint(caught)):
            return True
        if caught and _CATCHING.isdisjoint(caught) and not is_constant:
            continue
        if says(handler, _TIDY) or _leaves(handler):
            continue
        if any(name in body and not _is_made(name, before + body) for name in receivers):
            return True
    return False


def _is_made(name: str, body: str) -> bool:
    return says(body, (f" as {name}:", f" as {name},", f" {name} = "))


def _leaves(handler: str) -> bool:
    """Whether a handler never goes back to the loop: it ends by leaving, and does not continue."""
    lines = [line for line in handler.splitlines() if line.strip()]
    depth = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    heads = [line[depth:] for line in lines if line[depth:][:1] not in (" ", "\t", ")", "#")]
    return "continue" not in handler and bool(heads) and heads[-1].startswith(_LEAVING)


def _attempts(unit: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """For each ``try`` in a loop: what stands before it, its body, and what each handler catches."""
    loops: list[tuple[int, str, int]] = []
    for match in _HEAD(unit):
        depth, word = len(match[1].expandtabs()), match[2]
        while loops and loops[-1][0] >= depth:
            loops.pop()
        if word == "try" and loops and loops[-1][1] == "loop":
            before = unit[loops[-1][2] : match.start()]
            body, clauses = _parts(unit, match)
            yield before, body, clauses
        if word != "try":
            kind = "loop" if word in ("for", "while") else "def"
            loops.append((depth, kind, match.start()))


def _parts(unit: str, match: re.Match[str]) -> tuple[str, list[tuple[str, str]]]:
    indent = len(match[1].expandtabs())
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in unit[match.end() :].splitlines()[1:]:
        text = line.lstrip()
        if text and not text.startswith("#"):
            depth = len(line[: len(line) - len(text)].expandtabs())
            if depth < indent or (
                depth == indent and not text.startswith(("except", "else", "fin"))
            ):
                break
            clause = _CLAUSE(text) if depth == indent else None
            if depth == indent:
                parts.append((clause[1] if clause else "finally", []))
                continue
        parts[-1][1].append(line)
    body = "\n".join(parts[0][1])
    return body, [(head, "\n".join(lines)) for head, lines in parts[1:] if head != "finally"]
