"""What SQL texts and SQLAlchemy's statements do: read, write, or change tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

READ = "read"
WRITE = "write"
# Changes tables; some databases commit by themselves before and after it.
DEFINE = "define"
COMMIT = "commit"
ROLLBACK = "rollback"
# Nobody can see it.
UNCLEAR = "unclear"
# What follows is not as usual: transactions by hand, temporary tables, what runs in no transaction.
SPECIAL = "special"

_COMMENTS = re.compile(r"\A(?:\s+|--[^\n]*(?:\n|\Z)|/\*.*?\*/|\()+", re.DOTALL)
_WORD = re.compile(r"\A[A-Za-z]+")
_ALONE = re.compile(
    r"\b(?:CONCURRENTLY|CREATE\s+DATABASE|DROP\s+DATABASE|ALTER\s+SYSTEM|TABLESPACE)\b",
    re.IGNORECASE,
)
_TEMPORARY = re.compile(r"\b(?:TEMP|TEMPORARY)\b|#\w", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:COMMIT|ROLLBACK|BEGIN|START\s+TRANSACTION)\b", re.IGNORECASE)
_WRITES = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+[\w.\"`]+\s+(?:\w+\s+)?SET|DELETE\s+FROM|MERGE\s+INTO)\b",
    re.IGNORECASE,
)
_FIRST = {
    **dict.fromkeys(("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "UPSERT"), WRITE),
    **dict.fromkeys(("CREATE", "ALTER", "DROP", "TRUNCATE", "COMMENT", "GRANT", "REVOKE"), DEFINE),
    **dict.fromkeys(("SELECT", "SHOW", "EXPLAIN", "VALUES", "PRAGMA", "SET", "TABLE"), READ),
    **dict.fromkeys(("COMMIT", "END"), COMMIT),
    **dict.fromkeys(("ROLLBACK", "ABORT"), ROLLBACK),
    **dict.fromkeys(("BEGIN", "START", "SAVEPOINT", "RELEASE", "PREPARE", "ATTACH", "VACUUM"), SPECIAL),
}  # fmt: skip


def of_text(parts: Sequence[str | None]) -> str:
    """What a text of SQL does.

    Args:
        parts: its pieces; None stands for one that is not known.

    Returns:
        One of the words of this module; UNCLEAR where what is known does not tell.
    """
    if not parts or parts[0] is None:
        return UNCLEAR
    known = " ? ".join(part for part in parts if part is not None)
    begin = _COMMENTS.sub("", parts[0])
    word = _WORD.match(begin)
    if word is None or (len(word[0]) == len(begin) and len(parts) > 1):
        return UNCLEAR
    kind = _FIRST.get(word[0].upper(), UNCLEAR)
    if kind in (COMMIT, ROLLBACK):
        is_partial = " TO " in known.upper() or ";" in known.rstrip().rstrip(";")
        return SPECIAL if is_partial else kind
    if kind in (WRITE, DEFINE, UNCLEAR) and _ENDS.search(known):
        return SPECIAL
    if kind == DEFINE and (_ALONE.search(known) or _TEMPORARY.search(known)):
        return SPECIAL
    if kind == UNCLEAR and word[0].upper() == "WITH":
        return WRITE if _WRITES.search(known) else UNCLEAR
    return kind


# -- statements that SQLAlchemy builds -----------------------------------------------------------

_BUILDERS = {
    **dict.fromkeys(("insert", "update", "delete"), WRITE),
    **dict.fromkeys(("select", "union", "union_all", "intersect", "except_", "exists", "values",
                     "table", "func"), READ),
    **dict.fromkeys(("CreateTable", "DropTable", "CreateIndex", "DropIndex", "CreateSchema",
                     "DropSchema", "CreateSequence", "DropSequence", "DDL", "AddConstraint",
                     "DropConstraint"), DEFINE),
}  # fmt: skip
BUILDING_WRITES = frozenset(("insert", "update", "delete"))
# Methods of metadata that change tables on the connection that they are given.
DEFINING = frozenset(("create_all", "drop_all"))


def of_path(path: str) -> str:
    """What a statement does, by where it came from: ``sqlalchemy.insert().values()``."""
    for call in path.split("()"):
        kind = _BUILDERS.get(call.rpartition(".")[2])
        if kind is not None:
            return kind
    return UNCLEAR
