"""The report on one line a finding."""

from __future__ import annotations

from collections.abc import Iterator

from pool_lint.findings import Finding
from pool_lint.reporting.terminal import Paint, safe
from pool_lint.reporting.words import marker


def render(findings: list[Finding], *, colour: bool = False, unsafe: bool = False) -> Iterator[str]:
    """Write each finding on a line of its own.

    Args:
        findings: in the order in which they are reported.
        colour: whether the terminal takes colours.
        unsafe: whether unsafe fixes count as fixes.

    Yields:
        The lines of the report.
    """
    paint = Paint(colour)
    for finding in findings:
        start = finding.range.start
        mark = marker(finding, unsafe)
        place = f"{paint('bold', safe(finding.filename))}:{start.row}:{start.column}:"
        fixable = f"{paint('fix', mark)} " if mark else ""
        yield f"{place} {paint(finding.level.value, finding.code)} {fixable}{safe(finding.message)}"
