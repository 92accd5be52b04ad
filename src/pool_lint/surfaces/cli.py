"""The command line: ``pool-lint check`` and ``pool-lint rule``."""

from __future__ import annotations

import sys

from pool_lint.surfaces.streams import ReaderMayLeave, be_printable, leave

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from typing import NoReturn

CLEAN, FOUND, FAILED = 0, 1, 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: what follows the name of the program; None for those of this process.

    Returns:
        The exit code: 0 clean, 1 findings, 2 wrong use or internal error.
    """
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


def program() -> NoReturn:
    """Run the command line as a process of its own, which ends with the exit code of ``main``."""
    leave(main())


def _run(arguments: Sequence[str] | None) -> int:
    from pool_lint.surfaces.arguments import parse, parser

    be_printable()
    grammar = parser()
    try:
        with ReaderMayLeave():
            options = parse(grammar, arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FAILED
    if options.command == "check":
        from pool_lint.surfaces.check_command import check

        return check(options)
    if options.command == "rule":
        return _rule(options)
    grammar.print_help(sys.stderr)
    return FAILED


def _rule(options: Namespace) -> int:
    from pool_lint.rules import RULES
    from pool_lint.runner.catalog import as_data, rule_called, rules_with_symptom
    from pool_lint.runner.selectors import UnknownSelector

    if options.symptom is not None:
        rules = rules_with_symptom(options.symptom)
    elif options.all:
        rules = list(RULES.values())
    else:
        try:
            rules = [rule_called(options.rule)]
        except UnknownSelector as error:
            print(f"error: {error}", file=sys.stderr)
            return FAILED
    with ReaderMayLeave():
        if options.output_format == "json":
            import json

            data = [as_data(rule) for rule in rules]
            single = options.symptom is None and not options.all
            print(json.dumps(data[0] if single else data, indent=2))
        else:
            pages = "\n\n".join(rule.page.strip() for rule in rules)
            print(pages or "No rule has this symptom.")
    return CLEAN if rules else FOUND
