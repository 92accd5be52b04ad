"""SQL that outlives its transaction: what stays with a connection that goes back to its pool."""

from __future__ import annotations

import re
from typing import NamedTuple

SETTING = "setting"
LOCK = "lock"
TABLE = "temporary table"
LISTEN = "listen"
# Undoes what was done to everything of its kind.
ALL = "*"
LOCKS = ("pg_advisory_lock", "pg_advisory_lock_shared")
TRY_LOCKS = ("pg_try_advisory_lock", "pg_try_advisory_lock_shared")
UNLOCKS = ("pg_advisory_unlock", "pg_advisory_unlock_shared", "pg_advisory_unlock_all")

_SET = re.compile(
    r"\s*SET\s+(?:SESSION\s+(?!AUTHORIZATION|CHARACTERISTICS))?"
    r"(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b|GLOBAL\b|PERSIST\b|PASSWORD\b|NAMES\b)"
    r"(?:(TIME\s+ZONE|ROLE|SESSION\s+AUTHORIZATION|SESSION\s+CHARACTERISTICS|SCHEMA)\b"
    r"|(\"?[A-Za-z_][\w.]*\"?)\s*(?:=|TO\b))\s*(DEFAULT\b)?",
    re.IGNORECASE,
).match
_RESET = re.compile(r"\s*(?:RESET\s+\"?([\w.]+)|DISCARD\s+(?:ALL|TEMP))", re.IGNORECASE).match
_SET_CONFIG = re.compile(
    r"\bset_config\s*\(\s*(?:'([\w.]+)'|[^,()]+),.*,\s*(false|'f'|0)\s*\)",
    re.IGNORECASE | re.DOTALL,
).search
_LOCK = re.compile(r"\b(pg_(?:try_)?advisory_(?:lock|unlock)\w*)\s*\(", re.IGNORECASE).search
_TABLE = re.compile(
    r"\s*CREATE\s+(?:GLOBAL\s+|LOCAL\s+)?TEMP(?:ORARY)?\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"\"?([\w.]*)",
    re.IGNORECASE,
).match
_DROP = re.compile(r"\s*DROP\s+TABLE\b", re.IGNORECASE).match
_LISTEN = re.compile(r"\s*(UN)?LISTEN\s+[\w\"*]", re.IGNORECASE).match
# Settings that only PostgreSQL has, where nobody says which server it is; one with a dot in its
# name is the application's own.
_POSTGRES = re.compile(
    r"search_path|\w*_timeout|\w*work_mem|temp_buffers|role|time\s*zone|schema|session\s+\w+"
    r"|row_security|default_transaction_\w+|synchronous_commit|session_replication_role|enable_\w+"
    r"|jit\w*|plan_cache_mode|\w+_page_cost|application_name|datestyle|intervalstyle"
    r"|client_min_messages|bytea_output|statement_mem|[a-z_]\w*\.\w+",
    re.IGNORECASE,
).fullmatch
# MySQL's of similar names.
_OTHERS = re.compile(r"(?:innodb|net|wait|interactive|max|lock_wait|connect)_\w+").match


class Lasting(NamedTuple):
    """What a statement leaves on its connection, or takes away from it again.

    ``what`` is one of the kinds above, ``name`` tells one setting from another, ``undone`` whether
    it is taken away, ``is_try`` whether it may not have been done, ``certain`` whether only
    PostgreSQL can be meant.
    """

    what: str
    name: str
    undone: bool = False
    is_try: bool = False
    certain: bool = True


def lasting(sql: str) -> Lasting | None:
    """What a statement does that outlives its transaction, if anything."""
    found = _SET(sql)
    if found:
        name = " ".join((found[1] or found[2]).strip('"').lower().split())
        certain = bool(_POSTGRES(name)) and not _OTHERS(name)
        return Lasting(SETTING, name, found[3] is not None, certain=certain)
    found = _RESET(sql)
    if found:
        name = (found[1] or "all").lower()
        return Lasting(SETTING, ALL if name == "all" else name, True)
    found = _LOCK(sql)
    if found:
        return locking(found[1].lower())
    found = _SET_CONFIG(sql)
    if found:
        return Lasting(SETTING, (found[1] or "?").lower())
    found = _TABLE(sql)
    if found:
        return None if "on commit" in sql.lower() else Lasting(TABLE, "")
    if _DROP(sql):
        return Lasting(TABLE, "", True)
    found = _LISTEN(sql)
    return Lasting(LISTEN, "", found[1] is not None) if found else None


def locking(function: str) -> Lasting | None:
    """What a function of PostgreSQL's does that locks or unlocks."""
    if function in UNLOCKS:
        return Lasting(LOCK, "", True)
    if function in LOCKS or function in TRY_LOCKS:
        return Lasting(LOCK, "", is_try=function in TRY_LOCKS)
    return None
