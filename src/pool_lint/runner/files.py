"""Discovery: from the paths a user names to the files that are linted."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.runner.configuration import Configuration, Configurations
    from pool_lint.runner.ignoring import Excludes, IgnoreRules

SUFFIXES = (".py", ".pyw")
STDIN = "-"


class Discovery:
    """Finds the files to lint.

    A file that is named is always linted.  A folder is searched for Python files, without what
    ``.gitignore`` and the settings exclude; folders behind symbolic links are not entered, so a
    loop of links cannot trap it.

    Args:
        configurations: tells the settings of each folder.
    """

    def __init__(self, configurations: Configurations) -> None:
        self._configurations = configurations
        self._excludes: dict[Configuration, Excludes] = {}
        self.problems: list[str] = []

    def files(self, paths: list[str]) -> Iterator[str]:
        """Find the files below some paths.

        What cannot be read is added to ``problems``.

        Args:
            paths: files, folders and ``-`` for standard input, as a user named them.

        Yields:
            The path of each file, once; relative to the current folder where it lies below it.
        """
        seen: set[str] = set()
        for path in paths:
            for found in self._below(path):
                key = found if found == STDIN else os.path.abspath(found)
                if key not in seen:
                    seen.add(key)
                    yield found

    def _below(self, path: str) -> Iterator[str]:
        if path == STDIN:
            yield path
            return
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError) as error:
            self._report(path, error)
            return
        if stat.S_ISDIR(mode):
            yield from self._search(path)
        else:
            yield shown(path)

    def _search(self, folder: str) -> Iterator[str]:
        from pool_lint.runner.ignoring import rules_above

        top = os.path.abspath(folder)
        waiting = [(top, rules_above(top))]
        while waiting:
            current, rules = waiting.pop()
            folders: list[tuple[str, IgnoreRules]] = []
            for path, is_folder, rules_below in self._entries(current, rules):
                if is_folder:
                    folders.append((path, rules_below))
                else:
                    yield shown(path)
            waiting.extend(reversed(folders))

    def _entries(self, folder: str, rules: IgnoreRules) -> Iterator[tuple[str, bool, IgnoreRules]]:
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self._report(shown(folder), error)
            return
        rules = rules.entering(folder, {entry.name for entry in entries})
        excludes = self._excludes_of(self._configurations.of_folder(folder))
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            if not is_folder and not (entry.name.endswith(SUFFIXES) and _is_file(entry)):
                continue
            if excludes.excludes(entry.name, entry.path, is_folder):
                continue
            if not rules.ignores(entry.path, is_folder):
                yield entry.path, is_folder, rules

    def _excludes_of(self, configuration: Configuration) -> Excludes:
        known = self._excludes.get(configuration)
        if known is None:
            from pool_lint.runner.ignoring import Excludes

            known = self._excludes[configuration] = Excludes(configuration.settings)
        return known

    def _report(self, path: str, error: Exception) -> None:
        self.problems.append(f"{path}: {getattr(error, 'strerror', None) or error}")


def shown(path: str) -> str:
    """Give the path under which a file is reported.

    Args:
        path: as found or named.

    Returns:
        The path relative to the current folder if it lies below it, else as it was.
    """
    parts = path.split(os.sep)
    if os.pardir not in parts:
        path = os.path.normpath(path)
    return path.removeprefix(os.path.join(os.getcwd(), ""))


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        # A symbolic link that leads nowhere is nothing a search should complain about.
        return False
