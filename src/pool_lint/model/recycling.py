"""How long an engine keeps its connections, and how long the server lets it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pool_lint.model.creations import constant
from pool_lint.model.values import Record

if TYPE_CHECKING:
    from pool_lint.model.creations import Creation
    from pool_lint.settings import Settings

# Half an hour suits most servers.
_USUAL = 1800
# PostgreSQL's own units; without one it takes milliseconds.
_UNITS = {"us": 1e-6, "ms": 1e-3, "": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d|)\s*").fullmatch
_TIMEOUT = "idle_session_timeout"
_OPTION = re.compile(rf"-c\s*{_TIMEOUT}=(\S+)").search


def recycle_of(creation: Creation) -> int | None:
    """The seconds that ``pool_recycle`` is; None where that is not known, not given, or never."""
    value = constant(creation.keywords.get("pool_recycle"))
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and isinstance(value, int) and value >= 0 else None


def idle_timeout_of(creation: Creation, settings: Settings) -> float | None:
    """The seconds after which a connection of an engine is dropped when nobody uses it.

    Args:
        creation: the engine; it may itself ask the server for a timeout.
        settings: they may name that of server or proxy.

    Returns:
        The shorter of both; None where neither is known.
    """
    own = _asked_for(creation)
    known = [limit for limit in (settings.idle_timeout, own) if limit is not None]
    return min(known, default=None)


def good_recycle(creation: Creation, settings: Settings) -> int:
    """The ``pool_recycle`` to propose: below the idle timeout, and not below the user's least."""
    limit, least = idle_timeout_of(creation, settings), settings.min_pool_recycle
    if limit is None:
        return max(_USUAL, least)
    value = max(1, min(_USUAL, int(limit // 2)))
    return least if value < least < limit else value


def _asked_for(creation: Creation) -> float | None:
    arguments = creation.keywords.get("connect_args")
    given = arguments.entries if isinstance(arguments, Record) else {}
    settings = given.get("server_settings")
    if isinstance(settings, Record):
        return _seconds(constant(settings.entries.get(_TIMEOUT)))
    options = constant(given.get("options"))
    found = _OPTION(options) if isinstance(options, str) else None
    return _seconds(found[1]) if found else None


def _seconds(value: object) -> float | None:
    found = _DURATION(str(value)) if isinstance(value, (str, int)) else None
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0
    return (int(seconds) if seconds == int(seconds) else seconds) or None
