"""One file in, its report out; and the sum over many files."""

from __future__ import annotations

import os

from pool_lint.runner.files import STDIN
from pool_lint.runner.sharing import calm_collector, shared_project
from pool_lint.syntax.gate import may_be_reported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pool_lint.findings import Finding
    from pool_lint.runner.configuration import Configurations
    from pool_lint.settings import Settings


class Mode:
    """What is to be done with each file.

    Args:
        fix: write the fixed text back.
        unsafe: also apply unsafe fixes.
        diff: say what would be written, and write nothing.
    """

    __slots__ = ("diff", "fix", "unsafe")

    def __init__(self, *, fix: bool = False, unsafe: bool = False, diff: bool = False) -> None:
        self.fix = fix
        self.unsafe = unsafe
        self.diff = diff


class FileReport:
    """What came of one file.

    Attributes:
        filename: the path under which it is reported.
        findings: what is left to be said of it.
        fixed: how many findings were mended, or would be.
        before, after: its content without and with the fixes, where fixes were asked for.
        problems: why it, or a fix in it, could not be dealt with.
        notices: what the user should know although nothing failed.
    """

    __slots__ = ("after", "before", "filename", "findings", "fixed", "notices", "problems")

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.findings: list[Finding] = []
        self.fixed = 0
        self.before = self.after = b""
        self.problems: list[str] = []
        self.notices: list[str] = []


class Task:
    """One file to deal with.

    Args:
        filename: the path under which it is reported.
        settings: the settings of its folder.
        data: its content, or None to read it from disk.
        fixable: whether fixes may be written; not below a configuration with mistakes in it.
    """

    __slots__ = ("data", "filename", "fixable", "settings")

    def __init__(
        self, filename: str, settings: Settings, data: bytes | None = None, fixable: bool = True
    ) -> None:
        self.filename = filename
        self.settings = settings
        self.data = data
        self.fixable = fixable


def make_tasks(
    files: Iterable[str],
    configurations: Configurations,
    stdin: bytes | None = None,
    stdin_filename: str = STDIN,
) -> list[Task]:
    """Put each file together with its settings.

    Args:
        files: paths, as ``Discovery`` finds them.
        configurations: tells the settings of each folder.
        stdin: what stands for the path ``-``.
        stdin_filename: the name of that, which also tells its settings.

    Returns:
        A task for each file.
    """
    tasks: list[Task] = []
    for path in files:
        filename = stdin_filename if path == STDIN else path
        folder = os.path.dirname(os.path.abspath(filename))
        configuration = configurations.of_folder(folder)
        tasks.append(
            Task(
                filename,
                configuration.settings,
                stdin if path == STDIN else None,
                fixable=not configuration.problems,
            )
        )
    return tasks


def check_all(tasks: list[Task], mode: Mode, jobs: int | None = None) -> list[FileReport]:
    """Lint, and mend, many files.

    Args:
        tasks: the files.
        mode: what is to be done with them.
        jobs: how many processes may work at once; None for one per processor.

    Returns:
        A report for each file about which there is something to say, in the order of the tasks.
    """
    if jobs != 1 and len(tasks) > 1:
        from pool_lint.runner.processes import check_in_processes

        return check_in_processes(tasks, mode, jobs)
    calm_collector()
    reports = (check(task, mode) for task in tasks)
    return [report for report in reports if report is not None]


def check(task: Task, mode: Mode) -> FileReport | None:
    """Lint, and mend, one file.

    Args:
        task: the file.
        mode: what is to be done with it.

    Returns:
        Its report, or None if there is nothing to say about it.  A file that cannot be read, or
        on which pool-lint itself fails, has the reason in its report; nothing is raised.
    """
    report = FileReport(task.filename)
    try:
        data = read(task)
    except OSError as error:
        report.problems.append(f"{task.filename}: {error.strerror or error}")
        return report
    if not may_be_reported(data, task.settings.makers):
        return None
    try:
        if task.fixable and (mode.fix or mode.diff):
            _mend(report, task, mode, data)
        else:
            from pool_lint.pipeline import lint

            report.findings = lint(
                data, filename=task.filename, settings=task.settings, project=shared_project()
            )
    except Exception as error:  # noqa: BLE001 - one file must not end the run
        report.problems.append(_internal(task.filename, error))
    return report if report.findings or report.problems or report.fixed else None


def read(task: Task) -> bytes:
    """Give the content of a file.

    Args:
        task: the file.

    Returns:
        Its bytes.

    Raises:
        OSError: if it cannot be read.
    """
    if task.data is not None:
        return task.data
    with open(task.filename, "rb") as file:
        return file.read()


def _mend(report: FileReport, task: Task, mode: Mode, data: bytes) -> None:
    from pool_lint.fixing import fix_text, write_atomically

    result = fix_text(
        data,
        filename=task.filename,
        settings=task.settings,
        project=shared_project(),
        unsafe=mode.unsafe,
    )
    for finding in result.failed:
        report.notices.append(
            f"{task.filename}:{finding.range.start.row}: the fix of {finding.code} was left out, "
            "it would have broken the file; please report this"
        )
    report.before, report.after = data, result.data
    if mode.fix and not mode.diff and task.data is None and result.data != data:
        try:
            write_atomically(task.filename, data, result.data)
        except OSError as error:
            report.after = data
            report.findings = [*result.applied, *result.remaining]
            report.problems.append(f"{task.filename}: not fixed: {error.strerror or error}")
            return
    report.findings = result.remaining
    report.fixed = len(result.applied)


def _internal(filename: str, error: Exception) -> str:
    where = ""
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "?")
        where = f" in {name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    said = " ".join(str(error).split())[:200]
    kind = type(error).__name__
    return (
        f"{filename}: pool-lint failed on this file ({kind}{where}{': ' + said if said else ''}); "
        "please report this"
    )
