"""Words that several formats share: the mark of a fixable finding and the closing lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pool_lint.findings import Applicability, Finding

FIXABLE = "[*]"


def can_fix(finding: Finding, unsafe: bool) -> bool:
    """Say whether ``--fix`` would mend a finding.

    Args:
        finding: the finding.
        unsafe: whether ``--unsafe-fixes`` is given.

    Returns:
        True if there is a fix that may be applied.
    """
    if finding.fix is None or not finding.fix.edits:
        return False
    safe = finding.fix.applicability is Applicability.SAFE
    return safe or (unsafe and finding.fix.applicability is Applicability.UNSAFE)


def marker(finding: Finding, unsafe: bool) -> str:
    """Give the mark that stands before the message of a fixable finding.

    Args:
        finding: the finding.
        unsafe: whether unsafe fixes count as fixes.

    Returns:
        The mark, or an empty string.
    """
    return FIXABLE if can_fix(finding, unsafe) else ""


def summary(
    findings: Iterable[Finding], *, fixed: int, fixing: bool, unsafe: bool
) -> Iterator[str]:
    """Write the closing lines of a report.

    Args:
        findings: what is left.
        fixed: how many findings were mended.
        fixing: whether fixes were asked for.
        unsafe: whether unsafe fixes were asked for.

    Yields:
        How many findings there are, and what can be done about them.
    """
    left = list(findings)
    total = len(left) + fixed
    if fixing and total:
        yield f"Found {_count(total, 'error')} ({fixed} fixed, {len(left)} remaining)."
    elif left:
        yield f"Found {_count(total, 'error')}."
    else:
        yield "All checks passed!"
    safe = sum(can_fix(one, unsafe) for one in left)
    hidden = sum(can_fix(one, True) for one in left) - safe
    if safe and not fixing:
        also = f" ({_hidden(hidden)} with `--unsafe-fixes`)" if hidden else ""
        yield f"[*] {safe} fixable with the `--fix` option{also}."
    elif hidden:
        yield f"No fixes available ({_hidden(hidden)} with `--unsafe-fixes`)."


def diff_summary(fixed: int, left: Iterable[Finding] = ()) -> str:
    """Write the closing line of ``--diff``.

    Args:
        fixed: how many findings would be mended.
        left: the findings that would not.

    Returns:
        The line; it names the fixes that only ``--unsafe-fixes`` would show.
    """
    line = f"Would fix {_count(fixed, 'error')}" if fixed else "No errors would be fixed"
    hidden = sum(can_fix(one, True) and not can_fix(one, False) for one in left)
    return f"{line} ({_hidden(hidden)} with `--unsafe-fixes`)." if hidden else f"{line}."


def _hidden(count: int) -> str:
    return f"{count} hidden {'fix' if count == 1 else 'fixes'}"


def _count(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
