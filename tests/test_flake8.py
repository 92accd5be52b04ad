"""The plugin in the real flake8, as people run it: in a process of its own."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from pool_lint.surfaces.flake8 import Plugin

SOURCE = """\
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg://localhost/app", pool_pre_ping=True)
Session = async_sessionmaker(engine)


async def stop() -> None:
    engine.dispose()
"""
EVERYTHING = ["a.py:3:10 POOL101", "a.py:4:11 POOL301", "a.py:8:5 POOL202"]


# The oldest flake8 that is supported and runs on this Python; the newest is the installed one.
OLDEST = "6.0.0" if sys.version_info < (3, 12) else "6.1.0"


class Folder:
    """A project to run flake8 in; ``flake8`` is where another than the installed one lies."""

    def __init__(self, path: Path, flake8: Path | None = None) -> None:
        self.path = path
        self.environment = {**os.environ, **({"PYTHONPATH": str(flake8)} if flake8 else {})}

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def run(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        # Without -j1 flake8 would start workers for two files already.
        jobs = () if any(one.startswith("-j") for one in arguments) else ("-j1",)
        return subprocess.run(
            [sys.executable, "-m", "flake8", *jobs, *arguments],
            cwd=self.path,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def codes(self, *arguments: str, stdin: str | None = None) -> list[str]:
        """Run flake8 and return place and code of everything it says, in order of the files."""
        run = self.run("--format=%(path)s:%(row)d:%(col)d %(code)s", *arguments, stdin=stdin)
        assert run.stderr == ""
        lines = [line.removeprefix(f".{os.sep}") for line in run.stdout.splitlines()]
        assert run.returncode == (1 if lines else 0)
        return lines


@pytest.fixture(scope="session")
def oldest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The oldest flake8, in a folder that goes before what is installed."""
    if sys.version_info >= (3, 14):
        pytest.skip("flake8 6 is older than this Python")
    target = tmp_path_factory.mktemp("flake8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target)]
    run = subprocess.run([*pip, f"flake8=={OLDEST}"], capture_output=True, text=True, check=False)
    if run.returncode:
        reason = f"pip could not fetch flake8 {OLDEST}: {run.stderr}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return target


@pytest.fixture(params=["newest", "oldest"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    """A project with a bad file, for each flake8."""
    flake8 = request.getfixturevalue("oldest") if request.param == "oldest" else None
    project = Folder(tmp_path, flake8)
    project.write("a.py", SOURCE)
    # Whatever folder the tests run in, its configuration is not this project's.
    project.write(".flake8", "[flake8]\nmax-line-length = 100\n")
    return project


def without(*codes: str) -> list[str]:
    return [one for one in EVERYTHING if not one.endswith(codes)]


def only(*codes: str) -> list[str]:
    return [one for one in EVERYTHING if one.endswith(codes)]


def test_it_is_on_by_default(folder: Folder) -> None:
    assert folder.codes("a.py") == EVERYTHING


def test_flake8_names_it(folder: Folder, request: pytest.FixtureRequest) -> None:
    said = folder.run("--version").stdout
    assert "pool-lint" in said
    if "oldest" in request.node.callspec.id:
        assert said.startswith(f"{OLDEST} ")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--select=POOL"], EVERYTHING),
        (["--select=POOL101"], only("POOL101")),
        (["--select=POOL1,POOL2"], without("POOL301")),
        (["--select=E,F"], []),
        (["--extend-select=POOL101"], EVERYTHING),
        (["--ignore=POOL101"], without("POOL101")),
        (["--ignore=POOL"], []),
        (["--extend-ignore=POOL101"], without("POOL101")),
        (["--extend-ignore=POOL101,POOL2"], only("POOL301")),
        (["--pool-select=POOL101"], only("POOL101")),
        (["--pool-select=POOL101,unawaited-dispose"], without("POOL301")),
        (["--pool-ignore=POOL101"], without("POOL101")),
        (["--pool-ignore=pool1, POOL3"], only("POOL202")),
        (["--pool-ignore=ALL"], []),
        # ALL is for what is off by default as well.
        (
            ["--pool-select=ALL", "--pool-ignore=POOL3"],
            [*EVERYTHING[:1], "a.py:3:10 POOL611", EVERYTHING[2]],
        ),
        (["--pool-select=POOL1", "--select=POOL3"], only("POOL301")),
        (["--per-file-ignores=a.py:POOL101"], without("POOL101")),
        (["--per-file-ignores=b.py:POOL101"], EVERYTHING),
    ],
)
def test_the_command_line_selects(
    folder: Folder, arguments: list[str], expected: list[str]
) -> None:
    assert folder.codes(*arguments, "a.py") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("select = POOL", EVERYTHING),
        ("select = POOL101", only("POOL101")),
        ("select = E,F", []),
        ("extend-select = POOL101", EVERYTHING),
        ("ignore = POO", []),
        ("per-file-ignores = a.py: POOL101", without("POOL101")),
        ("per-file-ignores =\n    a.py: POOL101,POOL3\n    b.py: POOL2", only("POOL202")),
        ("pool-select = POOL101", only("POOL101")),
        ("pool_select = POOL101, POOL2", without("POOL301")),
        ("pool-ignore = POOL101", without("POOL101")),
        ("pool_ignore =\n    POOL101\n    POOL202", only("POOL301")),
    ],
)
@pytest.mark.parametrize("file", [".flake8", "setup.cfg", "tox.ini"])
def test_the_configuration_selects(
    folder: Folder, file: str, line: str, expected: list[str]
) -> None:
    (folder.path / ".flake8").unlink()
    folder.write(file, f"[flake8]\nmax-line-length = 100\n{line}\n")
    assert folder.codes("a.py") == expected


@pytest.mark.parametrize("option", ["ignore", "extend-ignore"])
def test_flake8_itself_refuses_to_ignore_our_codes_in_its_configuration(
    folder: Folder, option: str
) -> None:
    # Why there is a pool-ignore.  When flake8 changes this, the README can say so.
    folder.write(".flake8", f"[flake8]\n{option} = POOL101\n")
    run = folder.run("a.py")
    assert run.returncode != 0
    assert f"ValueError: Error code 'POOL101' supplied to '{option}' option" in run.stderr


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("# noqa", True),
        ("# noqa: POOL101", True),
        ("# noqa: POOL101 -- because", True),
        ("# noqa: E501,POOL101", True),
        ("# noqa: POOL", True),
        ("# noqa: POOL102", False),
        ("# pool-lint: ignore[POOL101] because", True),
        ("# pool-lint: ignore[POOL102]", False),
    ],
)
def test_comments_silence(folder: Folder, comment: str, silent: bool) -> None:
    folder.write("a.py", SOURCE.replace("pool_pre_ping=True)", f"pool_pre_ping=True)  {comment}"))
    expected = without("POOL101") if silent else EVERYTHING
    found = folder.codes("--max-line-length=200", "a.py")
    assert [one for one in found if "POOL900" not in one] == expected
    # A comment that does not help is reported itself.
    assert (len(found) > len(expected)) is not silent


def test_disable_noqa_speaks_of_noqa_alone(folder: Folder) -> None:
    text = SOURCE.replace("Session =", "# pool-lint: ignore[POOL301]\nSession =")
    folder.write("a.py", text.replace("dispose()", "dispose()  # noqa: POOL202"))
    assert folder.codes("a.py") == only("POOL101")
    assert folder.codes("--disable-noqa", "a.py") == ["a.py:3:10 POOL101", "a.py:9:5 POOL202"]


def test_a_whole_file_is_silenced(folder: Folder) -> None:
    folder.write("a.py", f"# pool-lint: ignore-file\n{SOURCE}")
    assert folder.codes("a.py") == []
    folder.write("a.py", f"# flake8: noqa\n{SOURCE}")
    assert folder.codes("a.py") == []


def test_the_nearest_pyproject_is_read(folder: Folder) -> None:
    folder.write("pyproject.toml", '[tool.pool-lint]\nignore = ["POOL101"]\n')
    folder.write("b/pyproject.toml", '[tool.pool-lint]\nselect = ["POOL101"]\n')
    folder.write("b/a.py", SOURCE)
    found = folder.codes("a.py", "b/a.py")
    assert found == [*without("POOL101"), f"b{os.sep}{EVERYTHING[0]}"]
    # What flake8 is told goes above it.
    assert folder.codes("--pool-select=POOL202", "a.py") == only("POOL202")
    assert folder.codes("--pool-ignore=POOL202", "a.py") == only("POOL301")
    assert folder.codes("--select=POOL101", "a.py") == only("POOL101")


def test_the_pyprojects_per_file_ignores_are_read(folder: Folder) -> None:
    table = '[tool.pool-lint.per-file-ignores]\n"a.py" = ["POOL101"]\n'
    folder.write("pyproject.toml", table)
    assert folder.codes("a.py") == without("POOL101")


def test_a_misspelt_pyproject_is_named_and_not_a_traceback(folder: Folder) -> None:
    folder.write("pyproject.toml", '[tool.pool-lint]\nselekt = ["POOL101"]\n')
    run = folder.run("a.py")
    assert run.returncode == 1
    assert "unknown key `selekt`" in run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_a_misspelt_pyproject_below_is_named(folder: Folder, jobs: str) -> None:
    folder.write("b/pyproject.toml", '[tool.pool-lint]\nselekt = ["POOL101"]\n')
    folder.write("b/a.py", SOURCE)
    run = folder.run(jobs, "a.py", "b/a.py")
    assert run.returncode == 1
    assert "unknown key `selekt`" in run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr


@pytest.mark.parametrize("option", ["--pool-select=POOL1O1", "--pool-ignore=unawaited-despose"])
def test_a_rule_that_does_not_exist_is_named(folder: Folder, option: str) -> None:
    run = folder.run(option, "a.py")
    name, _, rule = option.partition("=")
    assert run.returncode == 1
    assert f"{name}: no rule is called `{rule}`; did you mean" in run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr


def test_workers_know_the_options(folder: Folder) -> None:
    for number in range(6):
        folder.write(f"a{number}.py", SOURCE)
    found = folder.codes("-j3", "--pool-select=POOL101,POOL2", "--pool-ignore=POOL101")
    assert sorted(found) == sorted(
        ["a.py:8:5 POOL202", *(f"a{number}.py:8:5 POOL202" for number in range(6))]
    )


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_workers_that_inherit_nothing_know_the_options(folder: Folder, method: str) -> None:
    import multiprocessing

    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} here")
    folder.write("b.py", SOURCE)
    script = (
        "import multiprocessing, sys\n"
        "from flake8.main.cli import main\n"
        "if __name__ == '__main__':\n"
        f"    multiprocessing.set_start_method({method!r})\n"
        "    sys.exit(main(sys.argv[1:]))\n"
    )
    folder.write("run_flake8.txt", script)
    run = subprocess.run(
        [sys.executable, "run_flake8.txt", "-j2", "--pool-select=POOL202", "a.py", "b.py"],
        cwd=folder.path,
        env=folder.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    assert [line.split()[:2] for line in sorted(run.stdout.splitlines())] == [
        ["a.py:8:5:", "POOL202"],
        ["b.py:8:5:", "POOL202"],
    ]


def test_the_message_says_what_to_write_and_what_can_do_it(folder: Folder) -> None:
    lines = folder.run("--select=POOL", "a.py").stdout.splitlines()
    assert len(lines) == 3
    place, _, message = lines[0].partition(" ")
    assert place == "a.py:3:10:"
    assert message.startswith("POOL101 ")
    assert "; " in message
    assert "pool_recycle=1800" in message
    assert message.endswith(" (fix: pool-lint check --fix)")
    assert lines[1].endswith(" (fix: pool-lint check --fix --unsafe-fixes)")
    assert lines[2].endswith(" (fix: pool-lint check --fix)")


def test_advice_alone_names_no_command(folder: Folder) -> None:
    folder.write(
        "a.py",
        "from fastapi import FastAPI\n"
        "from sqlalchemy.ext.asyncio import create_async_engine\n\n"
        "app = FastAPI()\n\n\n"
        '@app.get("/users")\n'
        "async def users() -> None:\n"
        '    engine = create_async_engine("postgresql+asyncpg://localhost/app")\n'
        "    await engine.dispose()\n",
    )
    output = folder.run("--select=POOL201", "a.py").stdout
    assert "POOL201" in output
    assert "(fix:" not in output


def test_standard_input(folder: Folder) -> None:
    (folder.path / "a.py").unlink()
    found = folder.codes("--stdin-display-name=a.py", "-", stdin=SOURCE)
    assert found == EVERYTHING
    folder.write("app/pyproject.toml", '[tool.pool-lint]\nselect = ["POOL202"]\n')
    found = folder.codes("--stdin-display-name=app/a.py", "-", stdin=SOURCE)
    assert found == ["app/a.py:8:5 POOL202"]


@pytest.mark.parametrize(
    ("before", "source"),
    [
        ("", SOURCE.replace("\n", "\r\n")),
        ("", "\ufeff" + SOURCE),
        ("", SOURCE.replace("engine = c", "engine = c").rstrip("\n")),
        ("# -*- coding: utf-8 -*-\n", SOURCE),
    ],
    ids=["CRLF", "BOM", "no-last-newline", "coding"],
)
def test_places_are_right_however_the_file_is_written(
    folder: Folder, before: str, source: str
) -> None:
    folder.write("a.py", before + source)
    rows = before.count("\n")
    expected = [f"a.py:{row + rows}:{rest}" for row, rest in ((3, "10"), (4, "11"), (8, "5"))]
    found = folder.codes("--select=POOL", "a.py")
    assert [one.split()[0] for one in found] == expected


def test_another_encoding(folder: Folder) -> None:
    text = f"# coding: latin-1\nname = 'ä'; {SOURCE}"
    (folder.path / "a.py").write_bytes(text.encode("latin-1"))
    found = folder.codes("--select=POOL", "a.py")
    assert [one.split()[1] for one in found] == ["POOL101", "POOL301", "POOL202"]


def test_a_file_that_is_not_python_is_flake8s_affair(folder: Folder) -> None:
    folder.write("b.py", SOURCE + "def (:\n")
    found = folder.codes("--select=POOL,E9", "a.py", "b.py")
    assert [one.split()[1] for one in found] == ["POOL101", "POOL301", "POOL202", "E999"]


def test_a_file_that_does_not_concern_us_costs_no_parser(folder: Folder) -> None:
    folder.write("a.py", "import os\n\nprint(os.name)\n")
    script = (
        "import sys\n"
        "from flake8.main.cli import main\n"
        "code = main(['-j1', 'a.py'])\n"
        "sys.exit(code or 'libcst' in sys.modules or 'pool_lint.surfaces.flake8' not in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=folder.path, env=folder.environment, check=False
    )
    assert run.returncode == 0


def test_code_is_never_executed(folder: Folder) -> None:
    folder.write("a.py", SOURCE + "\n\nopen('executed', 'w').close()\n")
    folder.codes("a.py")
    assert not (folder.path / "executed").exists()


def test_a_mistake_of_our_own_does_not_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def lint(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    module = ModuleType("pool_lint.pipeline")
    module.lint = lint  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pool_lint.pipeline", module)
    plugin = Plugin(ast.parse(SOURCE), "a.py", SOURCE.splitlines(keepends=True))
    message = "POOL902 pool-lint failed on this file (RuntimeError: two lines); please report this"
    assert list(plugin.run()) == [(1, 0, message, Plugin)]
