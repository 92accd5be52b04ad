"""From findings to fixed text: rounds of edits until no fix is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pool_lint.findings import Applicability, Finding
from pool_lint.fixing.edits import InvalidEditError, Plan, Replacement, TextMap
from pool_lint.fixing.proof import PARSED, readability
from pool_lint.syntax.source import Source, UnreadableSource

if TYPE_CHECKING:
    from pool_lint.settings import Settings

MAX_ROUNDS = 100
UNREADABLE_FILE = "POOL902"

_Linter = Callable[[bytes], "list[Finding]"]
_Candidate = tuple[Finding, "tuple[Replacement, ...]"]


@dataclass(frozen=True)
class FixResult:
    """What became of a file.

    ``applied`` are the findings whose fixes are in ``data``, ``remaining`` the findings of
    ``data`` itself, and ``failed`` those among them whose fix was tried and would have broken the
    file, so that the rule at fault can be named.
    """

    data: bytes
    applied: list[Finding]
    remaining: list[Finding]
    failed: list[Finding] = field(default_factory=list)


def fix_text(
    source: str | bytes,
    *,
    filename: str,
    settings: Settings | None = None,
    project: Any = None,
    unsafe: bool = False,
) -> FixResult:
    """Apply every fix that may be applied, and those that become possible by it.

    Fixes that do not touch are applied together.  A text that the fixes broke is never returned:
    the fix at fault is left out and its finding is in ``failed``.  Outside the edits not a byte
    changes: mark, encoding, line ends and a missing last newline stay as they are.

    Args:
        source: the content of the file; text is encoded as UTF-8.
        filename: the name that the findings carry.
        settings: which rules run, as for ``lint``.
        project: what is known about the other files, as for ``lint``.
        unsafe: also apply fixes that may change what the program does.

    Returns:
        The new content and the findings that were, and were not, mended.
    """
    from pool_lint.pipeline import lint

    data = source.encode() if isinstance(source, str) else source

    def find(content: bytes) -> list[Finding]:
        return lint(content, filename=filename, settings=settings, project=project)

    before = find(data)
    allowed = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    refused: set[str] = set()
    while True:
        result, restless = _settle(data, before, find, allowed, refused)
        if not restless:
            return result
        # Fixes that bring back what they mend would grow the file without end.  Starting again
        # without their rules costs a few rounds and keeps the work of all others.
        refused |= restless


def _settle(
    data: bytes,
    findings: list[Finding],
    find: _Linter,
    allowed: set[Applicability],
    refused: set[str],
) -> tuple[FixResult, set[str]]:
    """Apply fixes until none is left; also return the codes that made this impossible."""
    applied: list[Finding] = []
    last: set[str] = set()
    unreadable = _is_unreadable(findings)
    for _ in range(MAX_ROUNDS):
        wanted = [one for one in findings if one.fix and one.fix.applicability in allowed]
        tried = [one for one in wanted if one.code not in refused]
        new, done, failed = apply_once(data, tried)
        if not done:
            failed += [one for one in wanted if one.code in refused]
            return FixResult(data, applied, findings, failed), set()
        data = new
        applied += done
        last = {one.code for one in done}
        findings = find(data)
        if _is_unreadable(findings) and not unreadable:
            break
    return FixResult(data, applied, findings), last


def _is_unreadable(findings: Iterable[Finding]) -> bool:
    return any(one.code == UNREADABLE_FILE for one in findings)


def apply_once(data: bytes, findings: list[Finding]) -> tuple[bytes, list[Finding], list[Finding]]:
    """Apply the fixes of some findings, as many as go together.

    Args:
        data: the content of the file.
        findings: findings of this very content; each fix of theirs is tried.

    Returns:
        The new content, the findings mended in it, and those whose fix would break the file.
    """
    source = _editable(data)
    if source is None or not findings:
        return data, [], list(findings)
    candidates, failed = _candidates(source.text, findings)
    needed = max(readability(source.text), PARSED)
    text, done = _together(source, candidates)
    if _holds(source, text, needed):
        return source.encode(text), done, failed
    text, done, broken = _one_by_one(source, candidates, needed)
    return source.encode(text), done, failed + broken


def _editable(data: bytes) -> Source | None:
    try:
        source = Source.read(data)
        # Some stateful encodings have several spellings of one text: those cannot be edited
        # without moving bytes elsewhere.
        return source if source.encode(source.text) == data else None
    except (UnreadableSource, UnicodeError):
        return None


def _candidates(text: str, findings: Iterable[Finding]) -> tuple[list[_Candidate], list[Finding]]:
    rows = TextMap(text)
    found: list[_Candidate] = []
    failed: list[Finding] = []
    for finding in findings:
        try:
            replacements = rows.replacements(finding.fix.edits if finding.fix else ())
        except InvalidEditError:
            failed.append(finding)
            continue
        if any(text[start:end] != content for start, end, content in replacements):
            found.append((finding, replacements))
    # Stable: of two insertions at one place the first finding comes first.
    found.sort(key=lambda one: [edit[:2] for edit in one[1]])
    return found, failed


def _together(source: Source, candidates: Iterable[_Candidate]) -> tuple[str, list[Finding]]:
    plan = Plan()
    done = [finding for finding, replacements in candidates if plan.add(replacements)]
    return plan.apply(source.text), done


def _one_by_one(
    source: Source, candidates: Iterable[_Candidate], needed: int
) -> tuple[str, list[Finding], list[Finding]]:
    """Keep each fix only if the text still holds with it."""
    kept: list[_Candidate] = []
    broken: list[Finding] = []
    best = source.text
    for candidate in candidates:
        text, done = _together(source, [*kept, candidate])
        if len(done) <= len(kept):
            continue
        if _holds(source, text, needed):
            kept.append(candidate)
            best = text
        else:
            broken.append(candidate[0])
    return best, [finding for finding, _ in kept], broken


def _holds(source: Source, text: str, needed: int) -> bool:
    if text == source.text:
        return True
    try:
        # A line put above the one that names the encoding takes its meaning away.
        reread = Source.read(source.encode(text))
    except (UnicodeError, UnreadableSource):
        return False
    return reread.text == text and readability(text) >= needed
