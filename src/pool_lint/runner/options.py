"""The keys of ``[tool.pool-lint]``: their types, and what to say of one that is wrong."""

from __future__ import annotations

from pool_lint.runner.selectors import UnknownSelector, did_you_mean, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class _Wrong(Exception):
    """A value that a key cannot take."""


def read_options(table: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Check the table ``[tool.pool-lint]``.

    Args:
        table: the table as the TOML parser gives it.

    Returns:
        Keyword arguments for ``Settings``, and a message for each key that is unknown or has a
        value it cannot take; such a key is left out of the arguments.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in table.items():
        reader = _READERS.get(key)
        if reader is None:
            near = did_you_mean(key, list(_READERS))
            problems.append(f"unknown key `{key}` in [tool.pool-lint]{near}")
            continue
        try:
            values[key.replace("-", "_")] = reader(value)
        except _Wrong as error:
            problems.append(f"`{key}` {error}")
    least, limit = values.get("min_pool_recycle"), values.get("idle_timeout")
    if least is not None and limit is not None and least >= limit:
        del values["min_pool_recycle"]
        problems.append(
            f"`min-pool-recycle` must be less than `idle-timeout`, which is {limit}, not {least}"
        )
    return values, problems


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _Wrong(f"must be a list of strings, not {_kind(value)}")
    return tuple(value)


def _selectors(value: Any) -> tuple[str, ...]:
    try:
        return tuple(resolve(one) for one in _texts(value))
    except UnknownSelector as error:
        raise _Wrong(f"cannot be used: {error}") from error


def _per_file(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise _Wrong(f"must be a table of patterns and lists of rules, not {_kind(value)}")
    read: dict[str, tuple[str, ...]] = {}
    for pattern, codes in value.items():
        try:
            read[pattern] = _selectors(codes)
        except _Wrong as error:
            raise _Wrong(f"for `{pattern}` {error}") from error
    _patterns(list(read))
    return read


def _patterns(value: Any) -> tuple[str, ...]:
    patterns = _texts(value)
    from pathspec import GitIgnoreSpec

    for pattern in patterns:
        try:
            GitIgnoreSpec.from_lines([pattern])
        except ValueError as error:
            raise _Wrong(f"has a pattern that cannot be read: `{pattern}`") from error
    return patterns


def _names(value: Any) -> tuple[str, ...]:
    for name in _texts(value):
        parts = name.split(".")
        if not all(part == "*" or part.isidentifier() for part in parts):
            raise _Wrong(f"must be dotted names such as `app.clients.send`, not `{name}`")
        if len(parts) < 2 or set(parts) == {"*"}:
            raise _Wrong(
                f"must be names with their modules, such as `app.clients.send`, not `{name}`"
            )
    return tuple(value)


def _seconds(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Wrong(f"must be a number of seconds, not {_kind(value)}")
    if value < 0:
        raise _Wrong(f"must be a number of seconds, not {value}")
    return value


def _timeout(value: Any) -> int:
    seconds = _seconds(value)
    if seconds < 2:
        raise _Wrong(f"must be 2 seconds or more, not {seconds}; leave it out where there is none")
    return seconds


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(f"must be true or false, not {_kind(value)}")
    return value


def _version(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong(f'must be a version in quotes such as "2.0", not {_kind(value)}')
    if not all(part.isascii() and part.isdigit() for part in value.split(".")):
        raise _Wrong(f'must be a version such as "2.0", not "{value}"')
    return value


def _kind(value: Any) -> str:
    if isinstance(value, list):
        other = next((one for one in value if not isinstance(one, str)), None)
        return "a list" if other is None else f"a list with {_kind(other)} in it"
    if isinstance(value, bool):
        return "true" if value else "false"
    kinds = {str: "a string", int: "a whole number", float: "a number", dict: "a table"}
    return kinds.get(type(value), "a date or time")


_READERS: dict[str, Callable[[Any], Any]] = {
    "select": _selectors,
    "extend-select": _selectors,
    "ignore": _selectors,
    "extend-ignore": _selectors,
    "per-file-ignores": _per_file,
    "exclude": _patterns,
    "extend-exclude": _patterns,
    "external-calls": _names,
    "not-external": _names,
    "engine-factories": _names,
    "session-providers": _names,
    "min-pool-recycle": _seconds,
    "idle-timeout": _timeout,
    "transaction-pooler": _flag,
    "target-sqlalchemy": _version,
    "target-fastapi": _version,
    "target-python": _version,
}
