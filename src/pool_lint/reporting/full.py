"""The report for people: what is wrong, the source with the places marked, what to write."""

from __future__ import annotations

from collections.abc import Iterator

from pool_lint.findings import Applicability, Finding, Note
from pool_lint.reporting.frame import Frame, Mark
from pool_lint.reporting.sources import Sources
from pool_lint.reporting.terminal import Paint, safe
from pool_lint.reporting.words import marker


def render(
    findings: list[Finding], sources: Sources, *, colour: bool = False, unsafe: bool = False
) -> Iterator[str]:
    """Write findings with their source.

    Args:
        findings: in the order in which they are reported.
        sources: the lines of the files.
        colour: whether the terminal takes colours.
        unsafe: whether unsafe fixes count as fixes.

    Yields:
        The lines of the report, an empty one after each finding.
    """
    paint = Paint(colour)
    for finding in findings:
        yield from _finding(finding, sources, paint, unsafe)
        yield ""


def _finding(finding: Finding, sources: Sources, paint: Paint, unsafe: bool) -> Iterator[str]:
    role = finding.level.value
    mark = marker(finding, unsafe)
    fixable = f"{paint('fix', mark)} " if mark else ""
    yield f"{paint(role, finding.code)} {fixable}{paint('bold', safe(finding.message))}"
    own = [note for note in finding.notes if _is_here(note, finding)]
    frames = [(finding.filename, _own_frame(finding, own, sources, paint))]
    for note in finding.notes:
        if note.filename is not None and not _is_here(note, finding):
            lines = sources.lines(note.filename)
            first = Mark(note.range, "note", "-", safe(note.message))
            frames.append((note.filename, Frame(lines, first, [], paint, context=0)))
    margin = max(frame.margin for _, frame in frames)
    starts = [finding.range.start]
    starts += [note.range.start for note in finding.notes if not _is_here(note, finding)]
    for index, ((filename, frame), start) in enumerate(zip(frames, starts, strict=True)):
        arrow = paint("note", ":::" if index else "-->")
        yield f"{' ' * margin}{arrow} {safe(filename)}:{start.row}:{start.column}"
        yield from frame.draw(margin)
    yield from _advice(finding, own, sources, paint)


def _own_frame(finding: Finding, notes: list[Note], sources: Sources, paint: Paint) -> Frame:
    others = [Mark(note.range, "note", "-", safe(note.message)) for note in notes]
    first = Mark(finding.range, finding.level.value, "^")
    return Frame(sources.lines(finding.filename), first, others, paint)


def _advice(finding: Finding, notes: list[Note], sources: Sources, paint: Paint) -> Iterator[str]:
    if not sources.lines(finding.filename):
        for note in notes:
            yield f"{paint('note', 'note')}: line {note.range.start.row}: {safe(note.message)}"
    advice = finding.help or (finding.fix.message if finding.fix else "")
    if advice:
        yield f"{paint('fix', 'help')}: {safe(advice)}"
    if finding.fix and finding.fix.edits and finding.fix.applicability is Applicability.UNSAFE:
        yield f"{paint('note', 'note')}: the fix is unsafe: it may change what the program does"


def _is_here(note: Note, finding: Finding) -> bool:
    return note.filename is None or note.filename == finding.filename
