"""A stand-in for the pipeline, so that runner, reports and surfaces are tested alone.

It finds ``BAD`` (a safe fix makes it ``GOOD``), ``RISKY`` (an unsafe one makes it ``CALM``) and
``SAD`` (advice only), breaks a file with the fix of ``BROKEN`` and fails on ``CRASH``.
"""

from __future__ import annotations

import re
import sys
import types
from typing import Any

import pytest

from pool_lint.findings import Applicability, Edit, Finding, Fix, Level, Note, Position, Range
from pool_lint.settings import Settings

# Passes the gate.
HEAD = "import sqlalchemy\n"
BAD = HEAD + "BAD = 1\n"
_KINDS = {
    "BAD": ("POOL101", "missing-pool-recycle", Applicability.SAFE, "GOOD"),
    "RISKY": ("POOL301", "async-expire-on-commit", Applicability.UNSAFE, "CALM"),
    "SAD": ("POOL201", "engine-per-request", None, ""),
    "BROKEN": ("POOL102", "missing-pool-pre-ping", Applicability.SAFE, "("),
}


def lint(
    source: str | bytes,
    *,
    filename: str = "<string>",
    settings: Settings | None = None,
    **_: Any,
) -> list[Finding]:
    """Find the words."""
    text = source.decode(errors="replace") if isinstance(source, bytes) else source
    settings = (settings or Settings()).for_file(filename)
    findings: list[Finding] = []
    for row, line in enumerate(text.splitlines(), 1):
        if "CRASH" in line:
            raise LookupError("lost\nmy way")
        for match in re.finditer(r"\b(BAD|RISKY|SAD|BROKEN)\b", line):
            finding = _finding(match, row, filename)
            if settings.enabled(finding.code):
                findings.append(finding)
    return findings


def _finding(match: re.Match[str], row: int, filename: str) -> Finding:
    code, name, applicability, better = _KINDS[match[1]]
    where = Range(Position(row, match.start() + 1), Position(row, match.end() + 1))
    fix = None
    if applicability is not None:
        fix = Fix(applicability, f"write {better}", (Edit(where, better),))
    return Finding(
        code=code,
        name=name,
        level=Level.WARNING,
        message=f"{match[1]} is written",
        filename=filename,
        range=where,
        help=f"write {better or 'something else'}",
        notes=(Note(Range(Position(1, 1), Position(1, 7)), "this begins it"),),
        fix=fix,
    )


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the stand-in where the runner looks for the pipeline."""
    module = types.ModuleType("pool_lint.pipeline")
    module.lint = lint  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pool_lint.pipeline", module)
