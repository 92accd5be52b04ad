"""The command line's grammar."""

from __future__ import annotations

import argparse
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_EXIT_CODES = "exit codes: 0 nothing found, 1 findings, 2 wrong use or a file that failed"


class _Formatter(argparse.HelpFormatter):
    """The usual help, without the import of ``shutil`` for the width of the terminal."""

    def __init__(self, prog: str) -> None:
        # argparse makes one for every argument, only to see whether it could be shown.
        super().__init__(prog, width=_width())


class _Version(argparse.Action):
    """Prints the version, which is looked up only when it is wanted."""

    def __init__(self, option_strings: Sequence[str], dest: str, **others: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **others)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from pool_lint import __version__

        print(f"pool-lint {__version__}")
        parser.exit()


def parse(main: argparse.ArgumentParser, arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read a command line, in which paths may also stand between options.

    Args:
        main: the parser.
        arguments: what follows the name of the program; None for those of this process.

    Returns:
        The options.

    Raises:
        SystemExit: if the command line is wrong, or only asked for help or the version.
    """
    options, rest = main.parse_known_args(arguments)
    # argparse takes paths from one place only, and leaves over what follows later options.
    paths = [one for one in rest if one == "-" or not one.startswith("-")]
    if rest and (options.command != "check" or len(paths) < len(rest)):
        main.error(f"unrecognized arguments: {' '.join(rest)}")
    if paths:
        options.paths = [*options.paths, *paths]
    return options


def parser() -> argparse.ArgumentParser:
    """Build the parser of the command line.

    Returns:
        A parser whose result has ``command``, None if none was given.
    """
    main = argparse.ArgumentParser(
        prog="pool-lint",
        formatter_class=_Formatter,
        description="Finds the mistakes that exhaust a connection pool, lose writes or hang.",
        allow_abbrev=False,
        epilog=_EXIT_CODES,
    )
    main.add_argument("--version", action=_Version, help="print the version and exit")
    # A prog of its own spares argparse the work, and the imports, of formatting one.
    commands = main.add_subparsers(prog="pool-lint", dest="command", metavar="COMMAND")
    _add_check(
        commands.add_parser(
            "check",
            help="lint files",
            description="Lint Python files.",
            formatter_class=_Formatter,
            allow_abbrev=False,
            epilog=_EXIT_CODES,
        )
    )
    _add_rule(
        commands.add_parser(
            "rule",
            help="explain rules",
            description="Print the pages of rules, or find rules by an error message.",
            formatter_class=_Formatter,
            allow_abbrev=False,
            epilog="exit codes: 0 printed, 1 no rule has this symptom, 2 wrong use",
        )
    )
    return main


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="files and folders, or - for standard input (default: the current folder)",
    )
    check.add_argument(
        "--stdin-filename", metavar="PATH", help="the name of the file on standard input"
    )
    rules = check.add_argument_group("rules", "codes, their prefixes or names, by commas; or ALL")
    _add_list(rules, "--select", "run these rules only, whatever the configuration says")
    _add_list(rules, "--extend-select", "run these rules besides those selected")
    _add_list(rules, "--ignore", "do not run these rules")
    fixes = check.add_argument_group("fixes")
    fixes.add_argument("--fix", action="store_true", help="apply safe fixes")
    fixes.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="count fixes that may change behaviour as fixes",
    )
    fixes.add_argument(
        "--diff",
        action="store_true",
        help="print what --fix would change and write nothing; exit 1 if there is any",
    )
    output = check.add_argument_group("output")
    output.add_argument(
        "--output-format", choices=("full", "concise", "json"), default="full", help="(full)"
    )
    output.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="(auto)"
    )
    output.add_argument("-q", "--quiet", action="store_true", help="print findings only")
    output.add_argument(
        "--exit-zero", action="store_true", help="exit with 0 even when there are findings"
    )
    run = check.add_argument_group("run")
    run.add_argument(
        "--config", metavar="PATH", help="a TOML file to use instead of the nearest pyproject.toml"
    )
    run.add_argument(
        "-j", "--jobs", type=_jobs, metavar="N", help="processes (default: one per processor)"
    )
    run.add_argument("--no-cache", action="store_true", help="neither read nor write a cache")


def _add_list(group: argparse._ArgumentGroup, option: str, told: str) -> None:
    group.add_argument(option, action="append", metavar="RULES", help=told)


def _add_rule(rule: argparse.ArgumentParser) -> None:
    what = rule.add_mutually_exclusive_group(required=True)
    what.add_argument("rule", nargs="?", metavar="RULE", help="the code or the name of a rule")
    what.add_argument("--all", action="store_true", help="every rule")
    what.add_argument(
        "--symptom", metavar="TEXT", help="the rules that explain an error with this text"
    )
    rule.add_argument("--output-format", choices=("text", "json"), default="text", help="(text)")


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit():
        return max(40, int(columns) - 2)
    try:
        return max(40, os.get_terminal_size(1).columns - 2)
    except (OSError, ValueError):
        return 78


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"not a number of processes: {text!r}")
    return int(text)
