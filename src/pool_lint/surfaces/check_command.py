"""``pool-lint check``: from options to the runner, from reports to the terminal."""

from __future__ import annotations

import os
import sys

from pool_lint.runner.check import FileReport, Mode, check_all, make_tasks
from pool_lint.runner.configuration import (
    ConfigurationError,
    Configurations,
    Overrides,
    named,
)
from pool_lint.runner.files import STDIN, Discovery
from pool_lint.runner.selectors import UnknownSelector, resolve_all
from pool_lint.surfaces.streams import ReaderMayLeave

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import TextIO

    from pool_lint.findings import Finding

CLEAN, FOUND, FAILED = 0, 1, 2


def check(options: Namespace) -> int:
    """Lint what the command line names, and print what was found.

    Args:
        options: the options of ``pool-lint check``.

    Returns:
        The exit code: 0 clean, 1 findings or changes to be made, 2 if anything failed.
    """
    try:
        configurations = _configurations(options)
    except (ConfigurationError, UnknownSelector) as error:
        _complain(str(error).splitlines())
        return FAILED
    stdin = sys.stdin.buffer.read() if STDIN in options.paths else None
    discovery = Discovery(configurations)
    tasks = make_tasks(
        discovery.files(options.paths), configurations, stdin, options.stdin_filename or STDIN
    )
    mode = Mode(fix=options.fix, unsafe=options.unsafe_fixes, diff=options.diff)
    problems = [*configurations.problems, *discovery.problems]
    _complain(problems)
    if not tasks and not problems and not options.quiet:
        print("warning: there are no Python files to lint here", file=sys.stderr)
    reports = check_all(tasks, mode, options.jobs)
    for report in reports:
        _complain(report.problems)
        _complain(report.notices, "warning")
    failed = bool(problems) or any(report.problems for report in reports)
    with ReaderMayLeave():
        if options.diff:
            _print_diffs(reports, options)
        else:
            _print_report(reports, options, stdin, failed)
    if failed:
        return FAILED
    found = any(one.before != one.after if options.diff else one.findings for one in reports)
    return FOUND if found and not options.exit_zero else CLEAN


def _configurations(options: Namespace) -> Configurations:
    overrides = Overrides(
        select=None if options.select is None else _selectors("--select", options.select),
        extend_select=_selectors("--extend-select", options.extend_select),
        ignore=_selectors("--ignore", options.ignore),
    )
    return Configurations(overrides, named(options.config) if options.config else None)


def _selectors(option: str, given: list[str] | None) -> tuple[str, ...]:
    try:
        selectors = resolve_all(",".join(given or ()))
    except UnknownSelector as error:
        raise UnknownSelector(f"{option}: {error}") from error
    if given and not selectors:
        raise UnknownSelector(f"{option}: no rule is named")
    return selectors


def _print_report(
    reports: list[FileReport], options: Namespace, stdin: bytes | None, failed: bool
) -> None:
    name = options.stdin_filename or STDIN
    out: TextIO = sys.stdout
    if stdin is not None and options.fix:
        # The fixed text takes the place of the report, as editors expect it.
        out = sys.stderr
        fixed = next((one.after for one in reports if one.filename == name and one.fixed), stdin)
        sys.stdout.buffer.write(fixed)
        sys.stdout.buffer.flush()
        stdin = fixed
    # What is reported is not, or no longer, what is on disk.
    known = {one.filename: one.before for one in reports if one.problems and one.before}
    if stdin is not None:
        known[name] = stdin
    findings = [finding for report in reports for finding in report.findings]
    findings.sort(key=lambda finding: finding.sort_key)
    if options.output_format == "json":
        _print_json(findings, known, out)
        return
    if findings:
        _print_findings(findings, options, known, out)
    if not options.quiet:
        _print_summary(reports, findings, options, out, failed)


def _print_json(findings: list[Finding], known: dict[str, bytes], out: TextIO) -> None:
    from pool_lint.reporting import json_
    from pool_lint.reporting.sources import Sources

    print(json_.render(findings, Sources(known)), file=out)


def _print_findings(
    findings: list[Finding], options: Namespace, known: dict[str, bytes], out: TextIO
) -> None:
    colour = _colours(options.color, out)
    if options.output_format == "concise":
        from pool_lint.reporting import concise

        lines = concise.render(findings, colour=colour, unsafe=options.unsafe_fixes)
    else:
        from pool_lint.reporting import full
        from pool_lint.reporting.sources import Sources

        sources = Sources(known)
        lines = full.render(findings, sources, colour=colour, unsafe=options.unsafe_fixes)
    for line in lines:
        print(line, file=out)


def _print_summary(
    reports: list[FileReport],
    findings: list[Finding],
    options: Namespace,
    out: TextIO,
    failed: bool,
) -> None:
    fixed = sum(report.fixed for report in reports)
    if not findings and not fixed:
        # The usual case, which must not wait for the modules of the unusual one.
        if not failed:
            print("All checks passed!", file=out)
        return
    from pool_lint.reporting.words import summary

    for line in summary(findings, fixed=fixed, fixing=options.fix, unsafe=options.unsafe_fixes):
        print(line, file=out)


def _print_diffs(reports: list[FileReport], options: Namespace) -> None:
    from pool_lint.reporting import diff
    from pool_lint.reporting.words import diff_summary

    colour = _colours(options.color, sys.stdout)
    changed = sorted(
        (one for one in reports if one.before != one.after), key=lambda one: one.filename
    )
    for report in changed:
        pieces = diff.render(
            report.filename, report.before, report.after, colour=colour, shown=sys.stdout.isatty()
        )
        sys.stdout.writelines(pieces)
    if not options.quiet:
        sys.stdout.flush()
        fixed = sum(report.fixed for report in changed)
        left = (
            () if options.unsafe_fixes else [one for report in reports for one in report.findings]
        )
        print(diff_summary(fixed, left), file=sys.stderr)


def _colours(wish: str, out: TextIO) -> bool:
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return out.isatty() and os.environ.get("TERM") != "dumb"


def _complain(messages: list[str], kind: str = "error") -> None:
    if not messages:
        return
    from pool_lint.reporting.terminal import safe

    for message in messages:
        print(f"{kind}: {safe(message)}", file=sys.stderr)
