"""The report for programs, in the shape of ruff's JSON with a few keys more."""

from __future__ import annotations

import json
import os
from typing import Any

from pool_lint.findings import Edit, Finding, Fix, Note, Position
from pool_lint.reporting.sources import Sources
from pool_lint.syntax.suppression import Suppressions

STDIN = "-"


def render(findings: list[Finding], sources: Sources) -> str:
    """Write findings as a JSON array.

    Args:
        findings: in the order in which they are reported.
        sources: the text of the files.

    Returns:
        The array.  File names are absolute, rows and columns count from 1.
    """
    return json.dumps(list(_objects(findings, sources)), indent=2)


def _objects(findings: list[Finding], sources: Sources) -> list[dict[str, Any]]:
    objects: list[dict[str, Any]] = []
    filename: str | None = None
    suppressions = Suppressions.of("")
    for finding in findings:
        if finding.filename != filename:
            filename = finding.filename
            suppressions = Suppressions.of(sources.text(filename))
        objects.append(_finding(finding, suppressions.noqa_row(finding.range)))
    return objects


def _finding(finding: Finding, noqa_row: int) -> dict[str, Any]:
    return {
        "cell": None,
        "code": finding.code,
        "name": finding.name,
        "level": finding.level.value,
        "message": finding.message,
        "help": finding.help or None,
        "filename": _filename(finding.filename),
        "location": _place(finding.range.start),
        "end_location": _place(finding.range.end),
        "noqa_row": noqa_row,
        "fix": None if finding.fix is None else _fix(finding.fix),
        "notes": [_note(note, finding) for note in finding.notes],
        # Nullable, as in the model: there is no page on the web yet.
        "url": None,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "applicability": fix.applicability.value,
        "message": fix.message,
        "edits": [_edit(edit) for edit in fix.edits],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "content": edit.content,
        "location": _place(edit.range.start),
        "end_location": _place(edit.range.end),
    }


def _note(note: Note, finding: Finding) -> dict[str, Any]:
    return {
        "message": note.message,
        "filename": _filename(note.filename or finding.filename),
        "location": _place(note.range.start),
        "end_location": _place(note.range.end),
    }


def _place(position: Position) -> dict[str, int]:
    return {"row": position.row, "column": position.column}


def _filename(filename: str) -> str:
    return filename if filename == STDIN else os.path.abspath(filename)
