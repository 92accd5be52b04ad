"""The pipeline for one file: source in, findings out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.findings import Finding, Fix, Note, Position, Range
from pool_lint.settings import Settings
from pool_lint.syntax.collector import paused_collector
from pool_lint.syntax.gate import may_concern, names_us
from pool_lint.syntax.source import Source, UnreadableSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.module import ModuleModel
    from pool_lint.model.project import Project
    from pool_lint.model.report import Report
    from pool_lint.rules.rule import Rule


def lint(
    source: str | bytes,
    *,
    filename: str = "<string>",
    settings: Settings | None = None,
    project: Project | None = None,
    is_python: bool = False,
) -> list[Finding]:
    """Find the mistakes in one file.

    The code is read, never imported or executed.

    Args:
        source: the content of the file, as bytes or as text.
        filename: the name under which findings are reported.
        settings: what to look for, and what is known of the project.
        project: the other modules; None to see this one alone.
        is_python: whether the running Python has parsed the source already, which spares time.

    Returns:
        The findings in order of their place.  A file that cannot be read is one finding of
        POOL902; no source makes this function raise.
    """
    settings = (settings or Settings()).for_file(filename)
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    concerned, named = may_concern(data, settings.makers), names_us(data)
    if not concerned and not named:
        return []
    findings: list[Finding] = []
    try:
        text = Source.read_code(source, filename)
        if concerned:
            with paused_collector():
                findings = list(_findings(text, settings, project, is_python))
    except UnreadableSource as error:
        if not concerned:
            return []
        message = f"this file was not checked: {error.reason}"
        findings = list(_unreadable(filename, error.row, message))
        text = Source(_lossy(source), filename)
    return _heard(findings, text, settings, named) if findings or named else []


def _heard(
    findings: list[Finding], source: Source, settings: Settings, named: bool
) -> list[Finding]:
    """What no comment silences, and what is to be said of the comments themselves."""
    from pool_lint.rules import RULES
    from pool_lint.syntax.suppression import Suppressions

    comments = Suppressions.of(source.text)
    if named and all(one.code != "POOL902" for one in findings):
        from pool_lint.rules.linter.invalid_suppression import unknown_words
        from pool_lint.rules.linter.unused_suppression import unused

        of_comments = (unused, unknown_words)
        findings += [
            found for say in of_comments for found in say(comments, findings, source, settings)
        ]
    kept = (
        one
        for one in findings
        if RULES[one.code].runs(settings) and not comments.hides(one, settings.respect_noqa)
    )
    return sorted(kept, key=lambda finding: finding.sort_key)


def _findings(
    source: Source, settings: Settings, project: Project | None, is_python: bool
) -> Iterator[Finding]:
    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.model.neighbours import Neighbours
    from pool_lint.model.taught import Taught
    from pool_lint.syntax.parse import parse

    taught = Taught.by(settings)
    if project is not None and taught is not None:
        project = project.taught_by(taught)
    if project is not None:
        project.meet(source)
    module = LazyModule(source, project, taught)
    tree = parse(source, Neighbours(module, settings), is_python=is_python)
    if tree is None:
        return
    from pool_lint.model.module import ModuleModel
    from pool_lint.rules import RULES

    for row in tree.monsters:
        message = "this statement was not checked: it is nested too deeply"
        yield from _unreadable(source.filename, row, message)
    model = ModuleModel.of(tree, settings, module)
    try:
        for rule in RULES.values():
            if rule.runs(settings):
                for report in rule.check(model):
                    if not model.is_expected_to_fail(report.node):
                        yield _finding(rule, report, model)
    except RecursionError:
        raise UnreadableSource("an expression is nested too deeply") from None
    finally:
        model.release()


def _finding(rule: Rule, report: Report, model: ModuleModel) -> Finding:
    tree = model.tree_of(report.node)
    fix: Fix | None = report.fix(tree) if report.fix is not None else None
    return Finding(
        code=rule.code,
        name=rule.name,
        level=report.level or rule.level,
        message=report.message,
        filename=tree.source.filename,
        range=tree.range_of(report.node),
        help=report.help,
        notes=tuple(_notes(report, model)),
        fix=fix,
    )


def _notes(report: Report, model: ModuleModel) -> Iterator[Note]:
    for note in report.notes:
        tree = model.tree_of(note.node)
        filename = tree.source.filename
        own = filename == model.lookup.filename
        yield Note(tree.range_of(note.node), note.message, None if own else filename)


def _unreadable(filename: str, row: int, message: str) -> Iterator[Finding]:
    from pool_lint.rules import RULES

    rule = RULES["POOL902"]
    place = Position(max(1, row), 1)
    yield Finding(
        code=rule.code,
        name=rule.name,
        level=rule.level,
        message=message,
        filename=filename,
        range=Range(place, place),
    )


def _lossy(source: str | bytes) -> str:
    return source if isinstance(source, str) else source.decode("utf-8", "replace")
