"""Sharing the files out to several processes, where that is worth their start."""

from __future__ import annotations

import os

from pool_lint.runner.check import FileReport, Mode, Task, check, read
from pool_lint.syntax.gate import may_be_reported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

# About half a second of work for one process: less is not worth starting another.
WORTH_A_PROCESS = 200_000
MAX_CHUNK = 64
INTERRUPTED = 130

_stopped = False


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
        if may_be_reported(data, task.settings.makers):
            chosen.append(task)
            size += len(data)
    return chosen, size


def _share_out(tasks: list[Task], mode: Mode, workers: int) -> list[FileReport | None]:
    from concurrent.futures.process import BrokenProcessPool

    length = max(1, min(MAX_CHUNK, len(tasks) // (workers * 4)))
    chunks = [tasks[start : start + length] for start in range(0, len(tasks), length)]
    answers: list[list[FileReport | None] | None] = []
    with _executor(workers) as executor:
        futures = [executor.submit(_check_chunk, chunk, mode) for chunk in chunks]
        try:
            for future in futures:
                try:
                    answers.append(future.result())
                except BrokenProcessPool:
                    answers.append(None)
        except KeyboardInterrupt:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    reports: list[FileReport | None] = []
    for chunk, answer in zip(chunks, answers, strict=True):
        # A process has died; only what it and the others had not answered is done once more.
        reports += [_check_alone(task, mode) for task in chunk] if answer is None else answer
    return reports


def _check_chunk(tasks: list[Task], mode: Mode) -> list[FileReport | None]:
    # What was handed over before an interruption still comes in.
    return [None if _stopped else check(task, mode) for task in tasks]


def _check_alone(task: Task, mode: Mode) -> FileReport | None:
    """Deal with a file in a process of its own, because some file has killed one."""
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
        import pool_lint.pipeline  # noqa: F401
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_obey_interrupts)


def _obey_interrupts() -> None:
    import signal

    signal.signal(signal.SIGINT, _stop)


def _stop(*_: object) -> None:
    """End without a word, for the parent has one, and tidily even in the middle of writing."""
    global _stopped
    _stopped = True
    raise SystemExit(INTERRUPTED)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
