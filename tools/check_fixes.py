"""Try every fix on real files, and say which of them do not keep their promises.

    python tools/check_fixes.py DIRECTORY...             # the safe fixes
    python tools/check_fixes.py --unsafe DIRECTORY...    # the others as well

Each directory is a project of its own; it is copied, and the copy is mended.  Each fix is tried
alone, then all of them together: what comes out has to parse, the finding has to be gone, no other
may have come, all bytes outside the edits have to be what they were, and a second run may change
nothing.  At last the mended project as a whole is linted again, because a fix in one file may be
felt in another.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any

import libcst

from pool_lint.findings import Applicability, Edit, Finding, Position
from pool_lint.fixing.fixer import MAX_ROUNDS, apply_once, fix_text
from pool_lint.model.project import Project
from pool_lint.pipeline import lint
from pool_lint.runner.check import Task, make_tasks
from pool_lint.runner.configuration import Configurations
from pool_lint.runner.files import Discovery
from pool_lint.syntax.gate import may_be_reported
from pool_lint.syntax.source import Source, UnreadableSource

Find = Callable[[bytes], "list[Finding]"]


@dataclass
class Outcome:
    """What came of the fixes of one file, or of many.

    ``alone`` and ``together`` count the findings mended by code, ``failures`` says in words where
    a fix did not keep its promise, and ``data`` is the content with all fixes in it.
    """

    alone: Counter[str] = field(default_factory=Counter)
    together: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    data: bytes = b""

    def add(self, other: Outcome) -> None:
        """Take in the counts and the failures of another outcome."""
        self.alone += other.alone
        self.together += other.together
        self.failures += other.failures


def check_file(
    data: bytes,
    *,
    filename: str,
    settings: Any = None,
    project: Project | None = None,
    unsafe: bool = False,
    find: Find | None = None,
) -> Outcome:
    """Try the fixes of one file, each alone and all together.

    Args:
        data: the content of the file.
        filename: the name that the findings carry.
        settings: which rules run, as for ``lint``.
        project: what is known about the other files, as for ``lint``.
        unsafe: also try the fixes that may change what the program does.
        find: gives the findings of a content, where the caller keeps them.

    Returns:
        What came of it; ``failures`` is empty where every promise was kept.
    """

    def plain(content: bytes) -> list[Finding]:
        return lint(content, filename=filename, settings=settings, project=project)

    find = find or plain
    outcome = Outcome(data=data)
    before = find(data)
    if not _wanted(before, unsafe):
        return outcome
    for finding in _wanted(before, unsafe):
        new, done, failed = apply_once(data, [finding])
        outcome.alone.update(one.code for one in done)
        wrong = [f"the fix was refused: {one.message}" for one in failed]
        if done:
            wrong += _broken(data, before, new, done, find(new))
        outcome.failures += [
            (finding.code, f"{filename}:{finding.range.start.row}: alone: {what}") for what in wrong
        ]
    _check_together(outcome, before, filename, unsafe, find)
    result = fix_text(data, filename=filename, settings=settings, project=project, unsafe=unsafe)
    if result.data != outcome.data:
        outcome.failures.append(("POOL", f"{filename}: fix_text makes something else of it"))
    return outcome


def _check_together(
    outcome: Outcome, findings: list[Finding], filename: str, unsafe: bool, find: Find
) -> None:
    for _ in range(MAX_ROUNDS):
        wanted = _wanted(findings, unsafe)
        if not wanted:
            return
        new, done, failed = apply_once(outcome.data, wanted)
        codes = " ".join(sorted({one.code for one in done or failed}))
        wrong = [f"the fix was refused: {one.message}" for one in failed]
        after = find(new)
        if done:
            wrong += _broken(outcome.data, findings, new, done, after)
            outcome.together.update(one.code for one in done)
        elif not failed:
            wrong.append("a fix is left that changes nothing")
        outcome.failures += [(codes or "POOL", f"{filename}: together: {what}") for what in wrong]
        if not done:
            return
        outcome.data, findings = new, after
    outcome.failures.append(("POOL", f"{filename}: together: the fixes do not come to an end"))


def _wanted(findings: Iterable[Finding], unsafe: bool) -> list[Finding]:
    allowed = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    return [one for one in findings if one.fix and one.fix.applicability in allowed]


# -- one application ----------------------------------------------------------------------------


def _broken(
    old: bytes, before: list[Finding], new: bytes, done: list[Finding], after: list[Finding]
) -> list[str]:
    """Say what is wrong with a content that some fixes were applied to."""
    edits = list(dict.fromkeys(edit for one in done for edit in (one.fix.edits if one.fix else ())))
    return [*_unreadable(old, new), *_moved(old, new, edits), *_new(before, done, after, edits)]


def _unreadable(old: bytes, new: bytes) -> list[str]:
    try:
        libcst.parse_module(new)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure of the fix
        return [f"does not parse any more: {error}"]
    before, after = _long_texts(old), _long_texts(new)
    if before is None:
        return []
    if after is None:
        return ["does not compile any more"]
    return [f"a text over several lines has changed: {one!r}" for one in after - before]


def _long_texts(data: bytes) -> Counter[str] | None:
    """The texts with line ends in them, which no indentation may change; None if it compiles not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "<fixed>", "exec", dont_inherit=True)
            nodes = ast.walk(ast.parse(data))
    except (SyntaxError, ValueError):
        return None
    texts = (node.value for node in nodes if isinstance(node, ast.Constant))
    return Counter(one for one in texts if isinstance(one, str) and "\n" in one)


def _moved(old: bytes, new: bytes, edits: list[Edit]) -> list[str]:
    """Walk through the new bytes: what no edit names has to stand there as it did."""
    try:
        source = Source.read(old)
    except UnreadableSource:
        return ["a file that cannot be read was changed"]
    starts = [0]
    for line in source.lines:
        starts.append(starts[-1] + len(line))
    places = sorted(
        ((_offset(starts, one.range.start), _offset(starts, one.range.end), one) for one in edits),
        key=lambda place: place[:2],
    )
    at, done = len(source.bom), 0
    if not new.startswith(source.bom):
        return ["the byte order mark is gone"]
    for start, end, edit in places:
        kept = source.text[done:start].encode(source.encoding)
        if not new.startswith(kept, at):
            return [f"bytes before row {edit.range.start.row} have changed"]
        at += len(kept)
        written = {
            edit.content.replace("\n", newline).encode(source.encoding)
            for newline in ("\r\n", "\n", "\r")
        }
        content = next((one for one in written if new.startswith(one, at)), None)
        if content is None:
            return [f"the edit at row {edit.range.start.row} is not what was written"]
        at += len(content)
        done = end
    if new[at:] != source.text[done:].encode(source.encoding):
        return ["bytes behind the last edit have changed"]
    return []


def _offset(starts: list[int], position: Position) -> int:
    return min(starts[min(position.row, len(starts)) - 1] + position.column - 1, starts[-1])


def _new(
    before: list[Finding], done: list[Finding], after: list[Finding], edits: list[Edit]
) -> list[str]:
    """Say which findings are none of those that were left, wherever the edits moved them."""
    left = [(one.code, _rows_after(one.range.start, edits)) for one in before if one not in done]
    gone = [(one.code, _rows_after(one.range.start, edits)) for one in done]
    wrong: list[str] = []
    for finding in after:
        row = finding.range.start.row
        match = next((one for one in left if one[0] == finding.code and row in one[1]), None)
        if match is not None:
            left.remove(match)
        elif any(code == finding.code and row in rows for code, rows in gone):
            wrong.append(f"{finding.code} is still found, in row {row}")
        else:
            wrong.append(f"{finding.code} has come, in row {row}: {finding.message}")
    return wrong


def _rows_after(place: Position, edits: Iterable[Edit]) -> range:
    """The rows in which a place may be after the edits: one, where no edit touches it."""
    row, spread = place.row, 0
    for edit in edits:
        start, end = edit.range.start, edit.range.end
        added = edit.content.count("\n")
        if end < place:
            row += added - (end.row - start.row)
        elif start <= place:
            row -= place.row - start.row
            spread += added
    return range(row, row + spread + 1)


# -- whole projects -----------------------------------------------------------------------------


def check_directory(directory: str, unsafe: bool) -> Outcome:
    """Try the fixes of all files of a project, on a copy of it.

    Args:
        directory: the project.
        unsafe: also try the fixes that may change what the program does.

    Returns:
        What came of it.

    Raises:
        OSError: the project cannot be copied.
    """
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(os.path.realpath(folder), os.path.basename(os.path.abspath(directory)))
        shutil.copytree(directory, copy, symlinks=True, ignore_dangling_symlinks=True)
        tasks = _tasks(copy)
        project, left = Project(), Counter[tuple[str, str]]()
        mended: list[tuple[str, bytes]] = []
        for task in tasks:
            data = Path(task.filename).read_bytes()
            settings = task.settings
            found = lint(data, filename=task.filename, settings=settings, project=project)
            left.update((one.filename, one.code) for one in found)
            tried = check_file(
                data, filename=task.filename, settings=settings, project=project, unsafe=unsafe
            )
            outcome.add(tried)
            left.subtract({(task.filename, code): n for code, n in tried.together.items()})
            if tried.data != data:
                mended.append((task.filename, tried.data))
        for filename, data in mended:
            Path(filename).write_bytes(data)
        if mended:
            outcome.failures += _check_mended(tasks, left, unsafe)
        shown = os.path.join(copy, "")
        outcome.failures = [(code, what.replace(shown, "")) for code, what in outcome.failures]
    return outcome


def _tasks(folder: str) -> list[Task]:
    configurations = Configurations()
    files = Discovery(configurations).files([folder])
    tasks = make_tasks(files, configurations)
    return [
        one
        for one in tasks
        if may_be_reported(Path(one.filename).read_bytes(), one.settings.makers)
    ]


def _check_mended(
    tasks: list[Task], left: Counter[tuple[str, str]], unsafe: bool
) -> list[tuple[str, str]]:
    """Lint a project whose files are mended, and say what is in it that was not left over."""
    project, failures = Project(), []
    for task in tasks:
        data = Path(task.filename).read_bytes()
        found = lint(data, filename=task.filename, settings=task.settings, project=project)
        failures += [
            (one.code, f"{task.filename}:{one.range.start.row}: fixed, and found again")
            for one in _wanted(found, unsafe)
        ]
        came = Counter((one.filename, one.code) for one in found)
        failures += [
            (code, f"{filename}: {code} has come in the mended project")
            for (filename, code), count in came.items()
            if count > left[filename, code]
        ]
    return failures


def _try(directory: str, unsafe: bool) -> tuple[str, Outcome]:
    try:
        return directory, check_directory(directory, unsafe)
    except Exception as error:  # noqa: BLE001 - one project must not end the run
        return directory, Outcome(failures=[("POOL", f"{type(error).__name__}: {error}")])


def main(arguments: list[str]) -> int:
    """Run from the command line.

    Args:
        arguments: without the name of the program.

    Returns:
        The exit code: 1 if a fix did not keep its promise.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directories", nargs="+", metavar="DIRECTORY")
    parser.add_argument("--unsafe", action="store_true", help="also try the unsafe fixes")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at a time")
    options = parser.parse_args(arguments)
    total = Outcome()
    with ProcessPoolExecutor(options.jobs) as executor:
        for directory, one in executor.map(_try, options.directories, repeat(options.unsafe)):
            for code, what in one.failures:
                print(f"{os.path.basename(directory)}: {code}: {what}", flush=True)
            total.add(one)
    failed = Counter(code for code, _ in total.failures)
    print("code     alone  together  failures")
    for code in sorted({*total.alone, *total.together, *failed}):
        print(f"{code:<8} {total.alone[code]:>5} {total.together[code]:>9} {failed[code]:>9}")
    print(f"{'all':<8} {total.alone.total():>5} {total.together.total():>9} {failed.total():>9}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
