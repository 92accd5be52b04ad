"""Which files and folders discovery passes by: ``.gitignore`` and the patterns of the settings."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from pool_lint.settings import Settings

IGNORE_FILE = ".gitignore"
REPOSITORY = ".git"
_REPOSITORY_IGNORE_FILE = os.path.join(REPOSITORY, "info", "exclude")

USUAL_EXCLUDES = frozenset(
    {
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".git-rewrite",
        ".hg",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pants.d",
        ".pyenv",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        ".vscode",
        "__pycache__",
        "__pypackages__",
        "_build",
        "buck-out",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    }
)


class Patterns:
    """Patterns and the folder they are relative to.

    Args:
        folder: absolute path of that folder.
        lines: patterns as in ``.gitignore``; one that cannot be read is skipped, as git does.
    """

    def __init__(self, folder: str, lines: list[str]) -> None:
        self._prefix = os.path.join(folder, "")
        self._spec = _spec(lines)

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Say what the patterns say of a path.

        Args:
            path: absolute path.
            is_folder: whether it is a folder.

        Returns:
            True to pass it by, False to keep it, None if no pattern matches.
        """
        if not path.startswith(self._prefix):
            return None
        relative = path[len(self._prefix) :] + ("/" if is_folder else "")
        return self._spec.check_file(relative).include


class IgnoreRules:
    """The ``.gitignore`` files that concern one folder, the nearest last; immutable.

    Args:
        patterns: what they say, from the root of the repository downwards.
    """

    __slots__ = ("_patterns",)

    def __init__(self, patterns: tuple[Patterns, ...] = ()) -> None:
        self._patterns = patterns

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Say whether git would ignore a path whose parents it does not ignore.

        Args:
            path: absolute path.
            is_folder: whether it is a folder.

        Returns:
            True if it is ignored.
        """
        for patterns in reversed(self._patterns):
            verdict = patterns.verdict(path, is_folder)
            if verdict is not None:
                return verdict
        return False

    def entering(self, folder: str, names: set[str]) -> IgnoreRules:
        """Give the rules that hold in a folder below.

        Args:
            folder: absolute path of that folder.
            names: the names of what lies in it.

        Returns:
            These rules with those of the folder; only its own if a repository begins there.
        """
        patterns = self._patterns
        if REPOSITORY in names:
            own = _read(folder, _REPOSITORY_IGNORE_FILE)
            patterns = (own,) if own else ()
        if IGNORE_FILE in names:
            own = _read(folder, IGNORE_FILE)
            patterns = (*patterns, own) if own else patterns
        return self if patterns is self._patterns else IgnoreRules(patterns)


def rules_above(folder: str) -> IgnoreRules:
    """Collect the ignore rules that reach a folder from above it.

    Args:
        folder: absolute path of a folder that is to be looked into.

    Returns:
        Those of the repository it lies in.  None at all if there is no repository, or if they
        ignore the folder: who names an ignored folder wants to see into it.
    """
    above: list[tuple[str, set[str]]] = []
    current = folder
    while not os.path.exists(os.path.join(current, REPOSITORY)):
        parent = os.path.dirname(current)
        if parent == current:
            return IgnoreRules()
        current = parent
        names = {
            name
            for name in (REPOSITORY, IGNORE_FILE)
            if os.path.exists(os.path.join(current, name))
        }
        above.append((current, names))
    rules = IgnoreRules()
    below = [folder, *(path for path, _ in above)]
    for (path, names), child in zip(reversed(above), reversed(below[:-1]), strict=True):
        rules = rules.entering(path, names)
        if rules.ignores(child, True):
            return IgnoreRules()
    return rules


class Excludes:
    """What the settings of one project exclude.

    Args:
        settings: its settings.
    """

    def __init__(self, settings: Settings) -> None:
        self._names = USUAL_EXCLUDES if settings.exclude is None else frozenset()
        lines = [*(settings.exclude or ()), *settings.extend_exclude]
        self._patterns = Patterns(os.path.abspath(settings.root), lines) if lines else None

    def excludes(self, name: str, path: str, is_folder: bool) -> bool:
        """Say whether discovery passes something by.

        Args:
            name: its name.
            path: its absolute path.
            is_folder: whether it is a folder.

        Returns:
            True if it is excluded.
        """
        if name in self._names:
            return True
        return self._patterns is not None and bool(self._patterns.verdict(path, is_folder))


def _read(folder: str, name: str) -> Patterns | None:
    try:
        with open(os.path.join(folder, name), encoding="utf-8-sig", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return None
    lines = [line for line in lines if line.strip() and not line.startswith("#")]
    return Patterns(folder, lines) if lines else None


def _spec(lines: list[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if _readable(line)])


def _readable(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
