"""What a user can set, in the form every floor reads.

This module is on the way of every start, so it imports nothing that costs time.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from pathspec import GitIgnoreSpec

ALL = "ALL"
DEFAULT_MIN_POOL_RECYCLE = 30

_pattern_specs: dict[str, GitIgnoreSpec] = {}


class Settings:
    """The settings of one project; treat an instance as immutable and change it by ``replace``.

    Rule selectors are codes (``POOL101``), their prefixes (``POOL1``, ``POOL``) or ``ALL``.

    Args:
        select: the rules to run, or None for those that are on by default.
        extend_select: rules to run besides ``select``.
        ignore: rules not to run.
        extend_ignore: more rules not to run.
        per_file_ignores: file pattern (as in ``.gitignore``, ``!`` first for every other file)
            to the rules that are silent there, however precisely they are selected.
        exclude: patterns of files and folders that discovery skips, or None for the usual ones.
        extend_exclude: patterns to skip besides ``exclude``.
        external_calls: dotted names of calls that leave the process; here and in the next three
            a ``*`` stands for any one name between the dots.
        not_external: dotted names of calls that do not, whatever pool-lint knows of them.
        engine_factories: dotted names of functions that make an engine at each call.
        session_providers: dotted names of functions that return or yield a session.
        min_pool_recycle: seconds; a shorter ``pool_recycle`` is too short.
        idle_timeout: seconds after which server or proxy drops an idle connection, if known.
        transaction_pooler: whether a pooler stands before the server that gives a connection away
            at the end of each transaction, such as PgBouncer in transaction mode.
        target_sqlalchemy: version of SQLAlchemy that the code is written for, if known.
        target_fastapi: version of FastAPI that the code is written for, if known.
        target_python: version of Python that the code is written for, if known.
        respect_noqa: whether ``# noqa`` comments silence findings.
        root: the folder that patterns are relative to; empty for the current one.
        file_ignores: the rules that are silent in the file these settings are for; made by
            ``for_file``.
    """

    __slots__ = (
        "engine_factories",
        "exclude",
        "extend_exclude",
        "extend_ignore",
        "extend_select",
        "external_calls",
        "file_ignores",
        "idle_timeout",
        "ignore",
        "min_pool_recycle",
        "not_external",
        "per_file_ignores",
        "respect_noqa",
        "root",
        "select",
        "session_providers",
        "target_fastapi",
        "target_python",
        "target_sqlalchemy",
        "transaction_pooler",
    )

    def __init__(
        self,
        *,
        select: tuple[str, ...] | None = None,
        extend_select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        extend_ignore: tuple[str, ...] = (),
        per_file_ignores: Mapping[str, tuple[str, ...]] | None = None,
        exclude: tuple[str, ...] | None = None,
        extend_exclude: tuple[str, ...] = (),
        external_calls: tuple[str, ...] = (),
        not_external: tuple[str, ...] = (),
        engine_factories: tuple[str, ...] = (),
        session_providers: tuple[str, ...] = (),
        min_pool_recycle: int = DEFAULT_MIN_POOL_RECYCLE,
        idle_timeout: int | None = None,
        transaction_pooler: bool = False,
        target_sqlalchemy: str | None = None,
        target_fastapi: str | None = None,
        target_python: str | None = None,
        respect_noqa: bool = True,
        root: str = "",
        file_ignores: tuple[str, ...] = (),
    ) -> None:
        self.select = select
        self.extend_select = extend_select
        self.ignore = ignore
        self.extend_ignore = extend_ignore
        self.per_file_ignores = dict(per_file_ignores or {})
        self.exclude = exclude
        self.extend_exclude = extend_exclude
        self.external_calls = external_calls
        self.not_external = not_external
        self.engine_factories = engine_factories
        self.session_providers = session_providers
        self.min_pool_recycle = min_pool_recycle
        self.idle_timeout = idle_timeout
        self.transaction_pooler = transaction_pooler
        self.target_sqlalchemy = target_sqlalchemy
        self.target_fastapi = target_fastapi
        self.target_python = target_python
        self.respect_noqa = respect_noqa
        self.root = root
        self.file_ignores = file_ignores

    def replace(self, **changes: Any) -> Settings:
        """Give a copy in which some values differ.

        Args:
            changes: keyword arguments of the constructor.

        Returns:
            The new settings.

        Raises:
            TypeError: for a name that is no setting.
        """
        values = {name: getattr(self, name) for name in self.__slots__}
        return Settings(**{**values, **changes})

    def enabled(self, code: str, default: bool = True) -> bool:
        """Say whether a rule runs.

        The longest selector that matches the code decides, and ignoring wins a draw.  A rule
        that is off by default runs only when ``ALL``, its code or its group (``POOL4``) is
        selected, not for ``POOL`` alone.

        Args:
            code: the code of the rule.
            default: whether the rule is on by default.

        Returns:
            True if the rule runs.
        """
        if _longest(code, self.file_ignores) >= 0:
            return False
        selectors = (*(self.select or ()), *self.extend_select)
        if not default:
            selectors = tuple(
                one for one in selectors if one == ALL or any(char.isdigit() for char in one)
            )
        on = _longest(code, selectors)
        if self.select is None and default:
            on = max(on, 0)
        return on > _longest(code, (*self.ignore, *self.extend_ignore))

    def for_file(self, filename: str) -> Settings:
        """Give the settings that hold in one file, where ``per_file_ignores`` are taken in.

        Args:
            filename: path of the file, absolute or relative to the current folder.

        Returns:
            These settings, or a copy with ``file_ignores`` if a pattern concerns the file.
        """
        if not self.per_file_ignores:
            return self
        path = os.path.relpath(filename, self.root or os.curdir)
        ignored: list[str] = []
        for pattern, codes in self.per_file_ignores.items():
            if _matches(pattern, path):
                ignored.extend(code for code in codes if code not in ignored)
        return self.replace(file_ignores=tuple(ignored)) if ignored else self

    @property
    def makers(self) -> tuple[str, ...]:
        """The names of what the user says makes engines and sessions."""
        return self.engine_factories + self.session_providers

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Settings):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __repr__(self) -> str:
        usual = Settings()
        values = ((name, getattr(self, name)) for name in self.__slots__)
        told = [f"{name}={value!r}" for name, value in values if value != getattr(usual, name)]
        return f"Settings({', '.join(told)})"


def is_before(target: str | None, version: tuple[int, ...]) -> bool:
    """Say whether code is written for something older than a version.

    Args:
        target: one of the ``target_`` settings; what is not known is the newest.
        version: the parts of the version to compare with.

    Returns:
        True if the target is known and older.
    """
    return target is not None and tuple(map(int, target.split("."))) < version


def words_of(names: Iterable[str]) -> tuple[str, ...]:
    """Give the words without one of which a text cannot mean what dotted names stand for.

    Args:
        names: dotted names, each perhaps with a ``*`` for some of its parts.

    Returns:
        The last part of each that is no ``*``.
    """
    return tuple(
        dict.fromkeys(
            next(part for part in reversed(name.split(".")) if part != "*") for name in names
        )
    )


def _longest(code: str, selectors: Iterable[str]) -> int:
    lengths = [
        0 if one == ALL else len(one) for one in selectors if one == ALL or code.startswith(one)
    ]
    return max(lengths, default=-1)


def _matches(pattern: str, path: str) -> bool:
    from pathspec import GitIgnoreSpec

    wanted = not pattern.startswith("!")
    spec = _pattern_specs.get(pattern)
    if spec is None:
        spec = _pattern_specs[pattern] = GitIgnoreSpec.from_lines([pattern.removeprefix("!")])
    # Some versions of pathspec say None where nothing matches.
    return bool(spec.match_file(path)) is wanted
