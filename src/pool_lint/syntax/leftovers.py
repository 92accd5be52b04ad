"""Which statements run SQL that outlives its transaction: a text screen."""

from __future__ import annotations

import re

from pool_lint.syntax.facts import says

_PIECES = (
    "SET ",
    "set ",
    "SET\n",
    "set\n",
    "set_config",
    "advisory_",
    "TEMP",
    "temp",
    "LISTEN ",
    "listen ",
)
_SET = re.compile(
    r"[\"']\s*(?:(?:SET|set)\s+(?:SESSION\s+|session\s+)?(?!LOCAL\b|local\b)(?:[\w.\"{}]+\s*(?:=|TO\b|to\b)"
    r"|(?i:role|time\s+zone|authorization|characteristics|schema)\b)"
    r"|(?:CREATE|create)\s+(?:\w+\s+)?(?i:temp)|(?:LISTEN|listen)\s+[\w\"{])"
).search
_SURE = ("set_config", "advisory_lock(", "advisory_lock_shared(")


def leaves_something(unit: str) -> bool:
    """Whether a setting, a lock or a temporary table may be left on a connection."""
    return says(unit, _PIECES) and (says(unit, _SURE) or _SET(unit) is not None)
