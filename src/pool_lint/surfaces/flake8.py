"""The flake8 plugin: ``flake8 --select POOL``."""

from __future__ import annotations

import logging
import os

from pool_lint.runner.configuration import Configurations, Overrides
from pool_lint.runner.selectors import PREFIX, UnknownSelector, resolve
from pool_lint.syntax.gate import may_be_reported

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    import ast
    from collections.abc import Iterable, Iterator
    from typing import Any, ClassVar

    from flake8.options.manager import OptionManager

    from pool_lint.findings import Finding
    from pool_lint.runner.configuration import Configuration
    from pool_lint.settings import Settings

    Violation = tuple[int, int, str, type[Any]]

# A child of flake8's logger, which is silent unless flake8 is asked to be verbose.
logger = logging.getLogger("flake8.pool_lint")
_FIX_COMMANDS = {
    "safe": " (fix: pool-lint check --fix)",
    "unsafe": " (fix: pool-lint check --fix --unsafe-fixes)",
}


class Plugin:
    """What flake8 makes for each file.

    The work is done here and not in ``run``, because flake8 names the plugin and the file only
    for what is raised by the constructor.

    Args:
        tree: tells flake8 that the plugin sees whole files, which Python has parsed already.
        filename: the path of the file, or what stands for it on standard input.
        lines: the text of the file as flake8 read it.

    Raises:
        ConfigurationError: the ``pyproject.toml`` that holds for the file cannot be used.
    """

    name = "pool-lint"
    # Set where the options are parsed: by flake8 itself, and again in every worker that does not
    # inherit the memory of its parent.
    _configurations: ClassVar[Configurations] = Configurations()

    def __init__(self, tree: ast.Module, filename: str, lines: list[str]) -> None:
        text = "".join(lines)
        self._violations: list[Violation] = []
        configuration = self._configurations.of_folder(os.path.dirname(os.path.abspath(filename)))
        if may_be_reported(text.encode(errors="replace"), configuration.settings.makers):
            settings = _usable(configuration)
            self._violations = _violations(text, filename, settings)

    def run(self) -> Iterator[Violation]:
        """Give what flake8 prints: row, column from 0, text and this class for each finding."""
        yield from self._violations

    @staticmethod
    def add_options(manager: OptionManager) -> None:
        """Register the options that flake8's own cannot replace.

        In its configuration file flake8 refuses to ``ignore`` a code of four letters.

        Args:
            manager: takes the options.
        """
        for name, what in (
            ("--pool-select", "Rules of pool-lint to run instead of those that are on by default"),
            ("--pool-ignore", "Rules of pool-lint not to run"),
        ):
            manager.add_option(
                name,
                default=None,
                metavar="codes",
                parse_from_config=True,
                comma_separated_list=True,
                help=f"{what}: codes, their prefixes or names (default: from pyproject.toml)",
            )

    @classmethod
    def parse_options(cls, manager: OptionManager, options: argparse.Namespace, _: object) -> None:
        """Take over what the user chose.

        Args:
            manager: not used.
            options: the command line and the configuration of flake8.

        Raises:
            ExecutionError: a rule that does not exist is named, or the ``pyproject.toml`` of the
                current folder cannot be used.
        """
        selected = _rules(options, "pool_select")
        overrides = Overrides(
            select=selected,
            extend_select=_selected_by_code(options),
            ignore=_rules(options, "pool_ignore") or (),
        )
        cls._configurations = Configurations(overrides)
        problems = cls._configurations.of_folder(os.getcwd()).problems
        if problems:
            raise _refusal("\n".join(problems))


def _usable(configuration: Configuration) -> Settings:
    if configuration.problems:
        from pool_lint.runner.configuration import ConfigurationError

        raise ConfigurationError("; ".join(configuration.problems))
    # flake8 deals with noqa, which --disable-noqa switches off.
    return configuration.settings.replace(respect_noqa=False)


def _violations(text: str, filename: str, settings: Settings) -> list[Violation]:
    from pool_lint.pipeline import lint
    from pool_lint.runner.sharing import shared_project, spare_collector

    try:
        findings = lint(
            text, filename=filename, settings=settings, project=shared_project(), is_python=True
        )
    except Exception as error:
        # Raised, it would end flake8's run over all files.  `flake8 -v` shows the traceback.
        logger.exception("pool-lint failed on %s", filename)
        return [(1, 0, _failure(error), Plugin)]
    spare_collector()
    return [
        (one.range.start.row, one.range.start.column - 1, _message(one), Plugin) for one in findings
    ]


def _message(finding: Finding) -> str:
    parts = [finding.message, finding.help] if finding.help else [finding.message]
    how = _FIX_COMMANDS.get(finding.fix.applicability.value, "") if finding.fix else ""
    return _line(f"{finding.code} {'; '.join(parts)}{how}")


def _failure(error: Exception) -> str:
    what = _line(f"{type(error).__name__}: {error}")
    return f"POOL902 pool-lint failed on this file ({what}); please report this"


def _line(text: str) -> str:
    # flake8 prints one line for each finding.
    return " ".join(text.split())


def _rules(options: argparse.Namespace, name: str) -> tuple[str, ...] | None:
    chosen: Iterable[str] | None = getattr(options, name)
    if chosen is None:
        return None
    try:
        return tuple(resolve(one) for one in chosen)
    except UnknownSelector as error:
        raise _refusal(f"--{name.replace('_', '-')}: {error}") from None


def _selected_by_code(options: argparse.Namespace) -> tuple[str, ...]:
    """Return our rules that flake8's own options name: also one that is off by default runs."""
    chosen = (*(options.select or ()), *(options.extend_select or ()))
    return tuple(one for one in chosen if one.startswith(PREFIX) and one != PREFIX)


def _refusal(message: str) -> Exception:
    from flake8.exceptions import ExecutionError

    refusal: Exception = ExecutionError(message)
    return refusal
