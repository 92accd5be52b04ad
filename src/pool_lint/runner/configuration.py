"""Settings from the nearest ``pyproject.toml`` and from the command line."""

from __future__ import annotations

import os

from pool_lint.settings import ALL, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FILENAME = "pyproject.toml"

# Both decide only whether the file is worth parsing.
_OUR_TABLE = rb"(?m)tool\s*\.\s*[\"']?pool-lint|^\s*\[\s*tool\s*\]"
_MISSPELT_TABLE = rb"(?m)^\s*\[\s*tool\s*\.\s*(pool_lint|poollint)\b"


class ConfigurationError(Exception):
    """A configuration that cannot be used; the text names the file and every problem."""


class Configuration:
    """What one ``pyproject.toml`` says, or that there is none.

    Args:
        settings: the settings, without the values that have problems.
        path: the file they come from, or None.
        problems: what is wrong with the file, one message each.
    """

    __slots__ = ("path", "problems", "settings")

    def __init__(
        self, settings: Settings, path: str | None = None, problems: tuple[str, ...] = ()
    ) -> None:
        self.settings = settings
        self.path = path
        self.problems = problems


class Overrides:
    """What the command line says about the selection of rules.

    Args:
        select: replaces the whole selection of the configuration, unless it is None.
        extend_select: added to it, also where the configuration ignores these rules.
        ignore: taken from it, also where the configuration selects these rules.
    """

    __slots__ = ("extend_select", "ignore", "select")

    def __init__(
        self,
        *,
        select: tuple[str, ...] | None = None,
        extend_select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
    ) -> None:
        self.select = select
        self.extend_select = extend_select
        self.ignore = ignore

    def apply(self, settings: Settings) -> Settings:
        """Put the command line above a configuration.

        Args:
            settings: what the configuration says.

        Returns:
            The settings that hold.
        """
        if self.select is not None:
            return settings.replace(
                select=self.select,
                extend_select=self.extend_select,
                ignore=self.ignore,
                extend_ignore=(),
            )
        if not (self.extend_select or self.ignore):
            return settings
        select = settings.select
        return settings.replace(
            select=None if select is None else _without(select, self.ignore),
            extend_select=_without(settings.extend_select, self.ignore) + self.extend_select,
            ignore=_without(settings.ignore, self.extend_select) + self.ignore,
            extend_ignore=_without(settings.extend_ignore, self.extend_select),
        )


class Configurations:
    """The configuration of every folder, each file read once.

    Args:
        overrides: what the command line says.
        fixed: holds everywhere, whatever ``pyproject.toml`` files there are; or None.
    """

    def __init__(
        self, overrides: Overrides | None = None, fixed: Configuration | None = None
    ) -> None:
        self._overrides = overrides or Overrides()
        self._fixed = None if fixed is None else self._finish(fixed)
        self._none = self._finish(Configuration(Settings()))
        self._folders: dict[str, Configuration] = {}
        self.problems: list[str] = []

    def of_folder(self, folder: str) -> Configuration:
        """Find the configuration that holds in a folder.

        Problems of a file that is read on the way are added to ``problems``.

        Args:
            folder: absolute path of the folder.

        Returns:
            That of the nearest ``pyproject.toml`` with a table ``[tool.pool-lint]``, upwards from
            the folder; the usual settings if there is none.
        """
        if self._fixed is not None:
            return self._fixed
        waiting: list[str] = []
        found = self._none
        while True:
            known = self._folders.get(folder) or self._read(folder)
            if known is not None:
                found = known
                break
            waiting.append(folder)
            parent = os.path.dirname(folder)
            if parent == folder:
                break
            folder = parent
        for one in waiting:
            self._folders[one] = found
        return found

    def _read(self, folder: str) -> Configuration | None:
        read = read_configuration(os.path.join(folder, FILENAME))
        if read is None:
            return None
        self.problems.extend(read.problems)
        finished = self._folders[folder] = self._finish(read)
        return finished

    def _finish(self, configuration: Configuration) -> Configuration:
        settings = self._overrides.apply(configuration.settings)
        return Configuration(settings, configuration.path, configuration.problems)


def nearest(folder: str) -> Configuration:
    """Find the configuration that holds in a folder.

    Args:
        folder: path of the folder.

    Returns:
        That of the nearest ``pyproject.toml`` with a table ``[tool.pool-lint]``, upwards from the
        folder; the usual settings if there is none.
    """
    return Configurations().of_folder(os.path.abspath(folder))


def named(path: str) -> Configuration:
    """Read the configuration that a user named.

    Args:
        path: a TOML file with a table ``[tool.pool-lint]``; its patterns are taken as relative to
            the current folder.

    Returns:
        The configuration, which has no problems.

    Raises:
        ConfigurationError: if it cannot be read, has no such table or has problems.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from error
    configuration = _parse(path, data, root="")
    if configuration is None:
        raise ConfigurationError(f"{path}: there is no table [tool.pool-lint]")
    if configuration.problems:
        raise ConfigurationError("\n".join(configuration.problems))
    return configuration


def read_configuration(path: str) -> Configuration | None:
    """Read one ``pyproject.toml``.

    Args:
        path: absolute path of the file.

    Returns:
        What it says, or None if it does not exist or has no table ``[tool.pool-lint]``.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        return Configuration(Settings(), path, (f"{_shown(path)}: {error.strerror}",))
    if b"pool" not in data:
        return None
    return _parse(path, data, root=os.path.dirname(path))


def _parse(path: str, data: bytes, root: str) -> Configuration | None:
    import re

    shown = _shown(path)
    misspelt = re.search(_MISSPELT_TABLE, data)
    if misspelt is not None:
        name = misspelt[1].decode()
        problem = f"{shown}: [tool.{name}] is not read; did you mean [tool.pool-lint]?"
        return Configuration(Settings(root=root), path, (problem,))
    if not re.search(_OUR_TABLE, data):
        return None
    table, problem = _load(data)
    if problem:
        return Configuration(Settings(root=root), path, (f"{shown}: {problem}",))
    if table is None:
        return None
    from pool_lint.runner.options import read_options

    values, problems = read_options(table)
    settings = Settings(root=root, **values)
    return Configuration(settings, path, tuple(f"{shown}: {one}" for one in problems))


def _load(data: bytes) -> tuple[dict[str, Any] | None, str]:
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, "not a text in UTF-8"
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, f"not valid TOML: {error}"
    tool = document.get("tool")
    table = tool.get("pool-lint") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        return None, "`tool.pool-lint` must be a table"
    return table, ""


def _without(selectors: tuple[str, ...], taken: tuple[str, ...]) -> tuple[str, ...]:
    if ALL in taken:
        return ()
    return tuple(one for one in selectors if not one.startswith(taken)) if taken else selectors


def _shown(path: str) -> str:
    here = os.path.join(os.getcwd(), "")
    return path.removeprefix(here)
