"""A mistake is found across the files of a project, and every surface finds the same.

Each folder in ``fixtures_projects`` is a project; the comments in its files say what is to be found
in them, as in ``fixtures``.
"""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pool_lint.pipeline import lint
from pool_lint.rules import RULES
from pool_lint.runner.configuration import nearest
from pool_lint.surfaces.flake8 import Plugin

project_model = pytest.importorskip("pool_lint.model.project")
if not hasattr(project_model, "Project"):
    pytest.skip("there are no projects yet", allow_module_level=True)

FIXTURES = Path(__file__).parent / "fixtures_projects"
PROJECTS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())

_EXPECTED = re.compile(r"# (POOL\d{3}(?: POOL\d{3})*)[ \t]*$")

Places = list[tuple[str, int, str]]


@pytest.fixture(params=PROJECTS)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project of its own, away from the settings and the packages of this one."""
    folder = tmp_path / request.param
    shutil.copytree(FIXTURES / request.param, folder)
    ahead = {code for _, _, code in _expected(folder)} - RULES.keys()
    if ahead:
        pytest.skip(f"no rule is called {', '.join(sorted(ahead))} yet")
    return folder


# Each of these starts processes, and what one of them shows of surfaces, all do.
a_few = pytest.mark.parametrize("project", PROJECTS[::6], indirect=True)


def _files(project: Path) -> list[str]:
    return sorted(path.relative_to(project).as_posix() for path in project.rglob("*.py"))


def _expected(project: Path) -> Places:
    return sorted(
        (file, row, code)
        for file in _files(project)
        for row, line in enumerate((project / file).read_text().split("\n"), start=1)
        if (found := _EXPECTED.search(line))
        for code in found[1].split()
    )


def _show(places: Places) -> str:
    return "\n".join(f"{file}:{row}: {code}" for file, row, code in sorted(places)) or "nothing"


def _run(project: Path, module: str, *arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    assert run.returncode in (0, 1)
    return run.stdout


def _relative(path: str, project: Path) -> str:
    return Path(os.path.relpath(project / path, project)).as_posix()


def _command_line(project: Path, *arguments: str) -> Places:
    report = json.loads(_run(project, "pool_lint", "check", "--output-format=json", *arguments))
    return [
        (_relative(one["filename"], project), one["location"]["row"], one["code"]) for one in report
    ]


def _flake8(project: Path, *files: str) -> Places:
    shape = "--format=%(path)s\t%(row)d\t%(code)s"
    report = _run(project, "flake8", "--isolated", "--jobs=1", shape, *files)
    lines = [line.split("\t") for line in report.splitlines()]
    return [
        (_relative(path, project), int(row), code)
        for path, row, code in lines
        if code.startswith("POOL")
    ]


def _in_process(project: Path, files: list[str], name: Callable[[str], str], seen: Any) -> Places:
    return [
        (file, one.range.start.row, one.code)
        for file in files
        for one in lint(
            (project / file).read_bytes(),
            filename=name(file),
            settings=nearest(str((project / file).parent)).settings,
            project=seen,
        )
    ]


def _readable(project: Path) -> Places:
    # flake8 runs no plugin on a file that this Python cannot parse.
    return [place for place in _expected(project) if place[2] != "POOL902"]


def test_the_library_finds_what_the_comments_say(project: Path) -> None:
    seen = project_model.Project()
    found = _in_process(project, _files(project), lambda file: str(project / file), seen)
    assert _show(found) == _show(_expected(project))


def test_the_order_of_the_files_does_not_matter(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    seen = project_model.Project()
    found = _in_process(project, _files(project)[::-1], lambda file: file, seen)
    assert _show(found) == _show(_expected(project))


def test_every_file_may_be_the_only_one(project: Path) -> None:
    found: Places = []
    for file in _files(project):
        one = project_model.Project()
        found += _in_process(project, [file], lambda file: str(project / file), one)
    assert _show(found) == _show(_expected(project))


@pytest.fixture(scope="module")
def all_projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them side by side: none of them may see anything of another."""
    folder = tmp_path_factory.mktemp("projects")
    shutil.copytree(FIXTURES, folder, dirs_exist_ok=True)
    return folder


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_command_line_finds_the_same(all_projects: Path, jobs: str) -> None:
    found = _command_line(all_projects, f"--jobs={jobs}", ".")
    assert _show(found) == _show(_expected(all_projects))


def test_flake8_finds_the_same(all_projects: Path) -> None:
    assert _show(_flake8(all_projects, ".")) == _show(_readable(all_projects))


@a_few
def test_the_command_line_finds_the_same_from_within(project: Path) -> None:
    assert _show(_command_line(project, ".")) == _show(_expected(project))


@a_few
def test_flake8_finds_the_same_in_one_file_alone(project: Path) -> None:
    # As an editor calls it, for the file that has just been saved.
    expected = _readable(project)
    files = sorted({place[0] for place in expected})
    with ThreadPoolExecutor(2) as threads:
        found = [place for one in threads.map(partial(_flake8, project), files) for place in one]
    assert _show(found) == _show(expected)


def test_flake8_finds_the_same_in_a_buffer(project: Path) -> None:
    for file in {place[0] for place in _readable(project)}:
        text = (project / file).read_text()
        lines = list(io.StringIO(text))
        plugin = Plugin(tree=ast.parse(text), filename=str(project / file), lines=lines)
        found = [(file, row, message.split()[0]) for row, _, message, _ in plugin.run()]
        assert _show(found) == _show([place for place in _readable(project) if place[0] == file])


def test_the_note_stands_in_the_other_file(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(FIXTURES / "engine_factory", project)
    report = json.loads(_run(project, "pool_lint", "check", "--output-format=json", "api.py"))
    above = (project / "db.py").read_text().partition("    return create_async_engine(")[0]
    creation = ("db.py", above.count("\n") + 1)
    notes = [
        (_relative(note["filename"], project), note["location"]["row"])
        for one in report
        for note in one["notes"]
    ]
    assert notes == [creation] * len(report) != []


def test_what_is_left_out_changes_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pool_lint.syntax.parse import parse_whole

    def parse(source: Any, *_: object, **__: object) -> Any:
        return parse_whole(source)

    monkeypatch.setattr("pool_lint.syntax.parse.parse", parse)
    monkeypatch.setattr("pool_lint.model.callers.parse", parse)
    files = [file for file, _, _ in _readable(project)]
    seen = project_model.Project()
    found = _in_process(project, sorted({*files}), lambda file: str(project / file), seen)
    assert _show(found) == _show(_readable(project))


def test_the_notes_lead_from_the_request(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(FIXTURES / "service_method", project)
    rows = {
        name: (project / "shop" / name).read_text().split("\n")
        for name in ("api.py", "facade.py", "services.py")
    }
    file = project / "shop" / "services.py"
    findings = lint(file.read_bytes(), filename=str(file), project=project_model.Project())
    finding = next(one for one in findings if "`write_note`" in one.message)
    assert finding.message.endswith("of the request handler `write_note` in api.py")
    steps = [
        (Path(note.filename or finding.filename).name, note.range.start.row)
        for note in finding.notes
    ]
    said = [rows[name][row - 1].strip() for name, row in steps]
    assert said == ["self._write(what)", "self._orders.note(what)", "facade.note(what)"]
