"""Sharing the files out to several processes, where that is worth their start."""

from __future__ import annotations

import os

from pool_lint.runner.check import FileReport, Mode, Task, check, read
from pool_lint.syntax.gate import may_concern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

# About half a second of work for one process: less is not worth starting another.
WORTH_A_PROCESS = 200_000
MAX_CHUNK = 64


def check_in_processes(tasks: list[Task], mode: Mode, jobs: int | None) -> list[FileReport]:
    """Lint, and mend, many files in several processes.

    Args:
        tasks: the files.
        mode: what is to be done with them.
        jobs: how many processes may work at once; None for one per processor.

    Returns:
        A report for each file about which there is something to say, in the order of the tasks.
    """
    chosen, size = _candidates(tasks)
    workers = min(jobs or _processors(), len(chosen), 1 + size // WORTH_A_PROCESS)
    if workers <= 1:
        reports: list[FileReport | None] = [check(task, mode) for task in chosen]
    else:
        reports = _share_out(chosen, mode, workers)
    return [report for report in reports if report is not None]


def _candidates(tasks: list[Task]) -> tuple[list[Task], int]:
    """Drop the files that the gate settles; also say how many bytes are left."""
    chosen: list[Task] = []
    size = 0
    for task in tasks:
        try:
            data = read(task)
        except OSError:
            chosen.append(task)
            continue
        if may_concern(data):
            chosen.append(task)
            size += len(data)
    return chosen, size


def _share_out(tasks: list[Task], mode: Mode, workers: int) -> list[FileReport | None]:
    from concurrent.futures.process import BrokenProcessPool

    length = max(1, min(MAX_CHUNK, len(tasks) // (workers * 4)))
    chunks = [tasks[start : start + length] for start in range(0, len(tasks), length)]
    reports: list[FileReport | None] = []
    with _executor(workers) as executor:
        futures = [executor.submit(_check_chunk, chunk, mode) for chunk in chunks]
        try:
            for chunk, future in zip(chunks, futures, strict=True):
                try:
                    reports.extend(future.result())
                except BrokenProcessPool:
                    reports.extend(_check_alone(task, mode) for task in chunk)
        except KeyboardInterrupt:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    return reports


def _check_chunk(tasks: list[Task], mode: Mode) -> list[FileReport | None]:
    return [check(task, mode) for task in tasks]


def _check_alone(task: Task, mode: Mode) -> FileReport | None:
    """Deal with a file in a process of its own: some file like it has killed one."""
    from concurrent.futures.process import BrokenProcessPool

    with _executor(1) as executor:
        try:
            return executor.submit(check, task, mode).result()
        except BrokenProcessPool:
            report = FileReport(task.filename)
            report.problems.append(
                f"{task.filename}: the process that read this file died; please report this"
            )
            return report


def _executor(workers: int) -> ProcessPoolExecutor:
    import multiprocessing
    import sys
    from concurrent.futures import ProcessPoolExecutor

    # A forked process has the parser loaded already; elsewhere than on Linux forking is not safe.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    if context.get_start_method() == "fork":
        import pool_lint.lint  # noqa: F401
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_ignore_interrupts)


def _ignore_interrupts() -> None:
    # The parent is told of Ctrl-C as well, and its message is enough.
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
