"""The command line: options, output and exit codes."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pretend_lint
import pytest
from pretend_lint import BAD, HEAD

from pool_lint.rules import RULES
from pool_lint.surfaces.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``pool-lint check`` here, with the stand-in for the pipeline."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    pretend_lint.install(monkeypatch)

    def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = main(["check", *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_clean(run: Run) -> None:
    write("a.py", "x = 1\n")
    write("b.py", HEAD)
    assert run() == (0, "All checks passed!\n", "")
    assert run("--quiet") == (0, "", "")
    assert run("--output-format", "json") == (0, "[]\n", "")


def test_findings(run: Run) -> None:
    write("b.py", BAD + "SAD = RISKY\n")
    write("a/c.py", BAD)
    code, out, err = run("--output-format", "concise")
    assert code == 1
    assert out.splitlines() == [
        "a/c.py:2:1: POOL101 [*] BAD is written",
        "b.py:2:1: POOL101 [*] BAD is written",
        "b.py:3:1: POOL201 SAD is written",
        "b.py:3:7: POOL301 RISKY is written",
        "Found 4 errors.",
        "[*] 2 fixable with the `--fix` option (1 hidden fix with `--unsafe-fixes`).",
    ]
    assert err == ""
    assert run("--quiet", "--output-format", "concise")[1].splitlines() == out.splitlines()[:4]


def test_exit_zero_hides_findings_but_no_failure(run: Run) -> None:
    write("a.py", BAD)
    assert run("--exit-zero")[0] == 0
    assert run("--exit-zero", "missing.py", "a.py")[0] == 2


def test_full_is_the_usual_format(run: Run) -> None:
    write("a.py", BAD)
    code, out, _ = run()
    assert (code, out) == (
        1,
        """\
POOL101 [*] BAD is written
 --> a.py:2:1
  |
1 | import sqlalchemy
  | ------ this begins it
2 | BAD = 1
  | ^^^
  |
help: write GOOD

Found 1 error.
[*] 1 fixable with the `--fix` option.
""",
    )
    assert run("--output-format", "full")[1] == out


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (["--select", "POOL1"], ["POOL101"]),
        (["--select", "POOL1,unawaited-dispose", "--select", "POOL2"], ["POOL101", "POOL201"]),
        (["--ignore", "POOL1,POOL2"], ["POOL301"]),
        (["--extend-select", "POOL402", "--ignore", "POOL3"], ["POOL101", "POOL201"]),
        (["--select", "ALL", "--ignore", "missing-pool-recycle"], ["POOL201", "POOL301"]),
    ],
)
def test_selection(run: Run, arguments: list[str], codes: list[str]) -> None:
    write("a.py", BAD + "SAD = RISKY\n")
    _, out, _ = run("--output-format", "json", *arguments)
    assert [finding["code"] for finding in json.loads(out)] == codes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--select", "POOL999"], "error: --select: no rule is called `POOL999`"),
        (["--ignore", "engine-per-reqest"], "did you mean `engine-per-request`?"),
        (["--select", ""], "error: --select: no rule is named"),
        (["--config", "none.toml"], "error: none.toml: No such file or directory"),
        (["--jobs", "0"], "not a number of processes: '0'"),
        (["--output-format", "yaml"], "invalid choice: 'yaml'"),
        (["--color", "red"], "invalid choice: 'red'"),
        (["--fxi"], "unrecognized arguments: --fxi"),
        (["a.py", "--quiet", "b.py", "--fxi", "c.py"], "unrecognized arguments: "),
        (["missing.py"], "error: missing.py: No such file or directory"),
    ],
)
def test_wrong_use(run: Run, arguments: list[str], message: str) -> None:
    write("a.py", BAD)
    code, out, err = run(*arguments)
    assert code == 2
    assert message in err
    assert "Traceback" not in err
    assert "All checks passed" not in out


def test_paths_may_stand_anywhere(run: Run) -> None:
    for name in ("a.py", "b.py", "c.py"):
        write(name, BAD)
    wanted = run("a.py", "b.py", "c.py", "--quiet", "--output-format", "concise")
    for arguments in (
        ["--quiet", "a.py", "b.py", "c.py", "--output-format", "concise"],
        ["a.py", "--quiet", "b.py", "--output-format", "concise", "c.py"],
        ["--quiet", "a.py", "--output-format", "concise", "b.py", "c.py"],
    ):
        assert run(*arguments) == wanted
    assert run("--quiet", "--output-format", "concise", "-", "--no-cache", "a.py")[0] == 1


def test_a_folder_without_python_files_gets_a_warning(run: Run) -> None:
    assert run() == (0, "All checks passed!\n", "warning: there are no Python files to lint here\n")


def test_the_nearest_configuration_holds(run: Run) -> None:
    write("pyproject.toml", "[tool.pool-lint]\nignore = ['POOL101']\n")
    write("a.py", BAD)
    write("sub/pyproject.toml", "[tool.pool-lint.per-file-ignores]\n'quiet.py' = ['POOL']\n")
    write("sub/b.py", BAD)
    write("sub/quiet.py", BAD)
    assert [one["filename"] for one in json.loads(run("--output-format", "json")[1])] == [
        str(Path("sub/b.py").absolute())
    ]


def test_a_named_configuration_replaces_it(run: Run) -> None:
    write("pyproject.toml", "[tool.pool-lint]\nignore = ['POOL101']\n")
    write("other.toml", "[tool.pool-lint]\nselect = ['POOL1']\n")
    write("a.py", BAD + "SAD\n")
    assert run("--config", "other.toml", "--output-format", "concise")[1].startswith(
        "a.py:2:1: POOL101 [*] BAD is written\nFound 1 error."
    )


def test_a_mistake_in_a_configuration_is_told_and_the_run_goes_on(run: Run) -> None:
    write("pyproject.toml", "[tool.pool-lint]\nexlude = ['x']\n")
    path = write("a.py", BAD)
    code, out, err = run("--fix")
    assert code == 2
    assert err == (
        "error: pyproject.toml: unknown key `exlude` in [tool.pool-lint]; did you mean `exclude`?\n"
    )
    assert "POOL101" in out
    assert path.read_text() == BAD, "nothing is written while it is unclear what is excluded"


def test_fix(run: Run) -> None:
    path = write("a.py", BAD + "RISKY = SAD = BAD\n")
    code, out, err = run("--fix", "--output-format", "concise")
    assert (code, err) == (1, "")
    assert path.read_text() == HEAD + "GOOD = 1\nRISKY = SAD = GOOD\n"
    assert out.splitlines() == [
        "a.py:3:1: POOL301 RISKY is written",
        "a.py:3:9: POOL201 SAD is written",
        "Found 4 errors (2 fixed, 2 remaining).",
        "No fixes available (1 hidden fix with `--unsafe-fixes`).",
    ]
    code, out, _ = run("--fix", "--unsafe-fixes", "--ignore", "POOL2")
    assert (code, out) == (0, "Found 1 error (1 fixed, 0 remaining).\n")
    assert path.read_text() == HEAD + "GOOD = 1\nCALM = SAD = GOOD\n"
    assert run("--fix", "--ignore", "POOL2") == (0, "All checks passed!\n", "")


def test_diff(run: Run) -> None:
    path = write("sub/a.py", BAD + "SAD\n")
    write("b.py", HEAD + "SAD\n")
    code, out, err = run("--diff")
    assert code == 1
    assert out == (
        "--- sub/a.py\n+++ sub/a.py\n@@ -1,3 +1,3 @@\n"
        " import sqlalchemy\n-BAD = 1\n+GOOD = 1\n SAD\n"
    )
    assert err == "Would fix 1 error.\n"
    assert path.read_text() == BAD + "SAD\n"
    assert run("--fix", "--diff")[1] == out
    assert path.read_text() == BAD + "SAD\n"
    assert run("--diff", "--quiet")[2] == ""
    assert run("--diff", "--exit-zero")[0] == 0


def test_a_diff_that_changes_nothing_is_clean(run: Run) -> None:
    write("a.py", HEAD + "SAD = RISKY\n")
    told = "No errors would be fixed (1 hidden fix with `--unsafe-fixes`).\n"
    assert run("--diff") == (0, "", told)
    code, _, told = run("--diff", "--unsafe-fixes")
    assert (code, told) == (1, "Would fix 1 error.\n")


def test_a_diff_can_be_applied(run: Run, tmp_path: Path) -> None:
    path = write("sub/a.py", BAD)
    patch = run("--diff")[1]
    subprocess.run(["git", "apply", "-p0", "-"], input=patch, text=True, check=True, cwd=tmp_path)
    assert path.read_text() == HEAD + "GOOD = 1\n"


def test_a_fix_that_would_break_the_file_is_named(run: Run) -> None:
    path = write("a.py", HEAD + "BROKEN = BAD\n")
    code, _, err = run("--fix")
    assert code == 1
    assert path.read_text() == HEAD + "BROKEN = GOOD\n"
    assert err == (
        "warning: a.py:2: the fix of POOL102 was left out, it would have broken the file; "
        "please report this\n"
    )


def test_a_file_that_changes_while_it_is_fixed_is_left_alone(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.py", BAD)

    def lint(source: str | bytes, **others: object) -> object:
        path.write_text(BAD + "# of somebody else\n")
        return pretend_lint.lint(source, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(sys.modules["pool_lint.pipeline"], "lint", lint)
    code, out, err = run("--fix")
    assert code == 2
    assert err == "error: a.py: not fixed: changed since it was read\n"
    assert "POOL101" in out
    assert path.read_text() == BAD + "# of somebody else\n"


def test_standard_input(run: Run) -> None:
    code, out, _ = run("-", "--stdin-filename", "sub/a.py", stdin=BAD.encode())
    assert code == 1
    assert " --> sub/a.py:2:1\n" in out
    assert "2 | BAD = 1" in out
    assert " --> -:2:1\n" in run("-", stdin=BAD.encode())[1]
    assert json.loads(run("-", "--output-format", "json", stdin=BAD.encode())[1])[0][
        "filename"
    ] == ("-")


def test_standard_input_has_the_settings_of_its_name(run: Run) -> None:
    write("sub/pyproject.toml", "[tool.pool-lint]\nignore = ['POOL101']\n")
    assert run("-", "--stdin-filename", "sub/a.py", stdin=BAD.encode())[0] == 0
    assert run("-", "--stdin-filename", "other/a.py", stdin=BAD.encode())[0] == 1


def test_standard_input_beside_files(run: Run) -> None:
    write("b.py", BAD)
    _, out, _ = run("-", "b.py", "--stdin-filename", "a.py", stdin=BAD.encode())
    assert out.count("POOL101") == 2


@pytest.mark.parametrize(
    ("given", "code", "fixed", "told"),
    [
        (BAD, 0, HEAD + "GOOD = 1\n", "Found 1 error (1 fixed, 0 remaining).\n"),
        (HEAD, 0, HEAD, "All checks passed!\n"),
        ("x = 1\n", 0, "x = 1\n", "All checks passed!\n"),
    ],
)
def test_fixed_standard_input_takes_the_place_of_the_report(
    run: Run, given: str, code: int, fixed: str, told: str
) -> None:
    assert run("-", "--fix", stdin=given.encode()) == (code, fixed, told)


def test_what_is_left_of_standard_input_is_reported_beside_it(run: Run) -> None:
    code, out, err = run("-", "--fix", stdin=(BAD + "SAD\n").encode())
    assert (code, out) == (1, HEAD + "GOOD = 1\nSAD\n")
    assert " --> -:3:1\n" in err
    assert "2 | GOOD = 1\n3 | SAD\n" in err


def test_jobs_give_the_same_answer(run: Run) -> None:
    for number in range(30):
        write(f"m{number:02}.py", BAD * (1 + number % 3) + "#" * 40_000)
    answers = {run("--output-format", "json", "--jobs", str(jobs)) for jobs in (1, 2, 3)}
    assert len(answers) == 1
    assert len(json.loads(next(iter(answers))[1])) == 60
    assert run("--fix", "--jobs", "2")[:2] == (0, "Found 60 errors (60 fixed, 0 remaining).\n")


def test_an_internal_error_names_the_file_and_the_rest_goes_on(run: Run) -> None:
    write("a.py", HEAD + "CRASH\n")
    write("b.py", BAD)
    for jobs in ("1", "2"):
        code, out, err = run("--jobs", jobs)
        assert code == 2
        assert err.startswith("error: a.py: pool-lint failed on this file (LookupError in ")
        assert err.endswith("lost my way); please report this\n")
        assert err.count("\n") == 1
        assert "b.py" in out


@pytest.mark.skipif(sys.platform != "linux", reason="needs workers that inherit the stand-in")
def test_a_process_that_dies_names_the_file_and_the_rest_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pool_lint.runner.processes.WORTH_A_PROCESS", 1)
    for number in range(6):
        write(f"m{number}.py", BAD)
    write("m3.py", HEAD + "DIE\n")
    parent = os.getpid()

    def lint(source: bytes, **others: object) -> object:
        if b"DIE" in source and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return pretend_lint.lint(source, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(sys.modules["pool_lint.pipeline"], "lint", lint)
    code, out, err = run("--jobs", "2", "--output-format", "concise")
    assert code == 2
    assert err == "error: m3.py: the process that read this file died; please report this\n"
    assert [line.split(":")[0] for line in out.splitlines()[:5]] == [
        f"m{number}.py" for number in (0, 1, 2, 4, 5)
    ]


@pytest.mark.parametrize(
    ("arguments", "environment", "coloured"),
    [
        ([], {}, False),
        (["--color", "auto"], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
@pytest.mark.parametrize("output", ["full", "concise", "diff"])
def test_colours(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    coloured: bool,
    output: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    write("a.py", BAD)
    wanted = ["--diff"] if output == "diff" else ["--output-format", output]
    assert ("\x1b[" in run(*wanted, *arguments)[1]) is coloured


def test_no_cache_is_accepted(run: Run) -> None:
    write("a.py", BAD)
    assert run("--no-cache")[0] == 1


def explain(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["rule", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_rule_prints_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = explain(capsys, "POOL101")
    assert (code, out) == (0, RULES["POOL101"].page.strip() + "\n")
    assert explain(capsys, "pool101")[1] == out
    assert explain(capsys, "missing-pool-recycle")[1] == out


def test_all_rules(capsys: pytest.CaptureFixture[str]) -> None:
    out = explain(capsys, "--all")[1]
    assert all(rule.page.strip() in out for rule in RULES.values())
    read = json.loads(explain(capsys, "--all", "--output-format", "json")[1])
    assert [rule["code"] for rule in read] == list(RULES)


def test_rule_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    read = json.loads(explain(capsys, "POOL101", "--output-format", "json")[1])
    rule = RULES["POOL101"]
    assert read == {
        "code": "POOL101",
        "name": "missing-pool-recycle",
        "level": "warning",
        "default": True,
        "fixable": rule.fixable,
        "since": rule.since,
        "summary": rule.summary,
        "symptoms": list(rule.symptoms),
        "page": rule.page,
    }


def test_rule_by_symptom(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = explain(capsys, "--symptom", "QueuePool limit of size 5 overflow 10 reached")
    assert code == 0
    assert RULES["POOL401"].page.strip() in out
    assert RULES["POOL101"].page.strip() not in out


def test_a_symptom_of_something_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(capsys, "--symptom", "a full moon")[:2] == (1, "No rule has this symptom.\n")
    assert explain(capsys, "--symptom", "a full moon", "--output-format", "json")[:2] == (
        1,
        "[]\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rule", "POOL999"], "error: no rule is called `POOL999`"),
        (["rule"], "usage: pool-lint rule"),
        (["rule", "POOL101", "--all"], "not allowed with argument"),
        (["rule", "POOL101", "POOL102"], "unrecognized arguments: POOL102"),
        (["lint"], "invalid choice: 'lint'"),
        ([], "usage: pool-lint"),
    ],
)
def test_wrong_use_of_other_commands(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["check", "--help"], ["rule", "--help"]):
        assert main(arguments) == 0
        assert "exit codes: 0" in capsys.readouterr().out
    from pool_lint import __version__

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"pool-lint {__version__}\n"


# From here on with a process of its own, and the real pipeline.

REAL = "from sqlalchemy import create_engine\nengine = create_engine('postgresql://db/app')\n"


def pool_lint(*arguments: str, **others: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "pool_lint", *arguments], capture_output=True, check=False, **others
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_process_finds_and_fixes(here: Path) -> None:
    path = write("a.py", REAL)
    found = pool_lint("check", "--select", "POOL101", "--output-format", "concise")
    assert found.returncode == 1
    assert found.stdout.startswith(b"a.py:2:10: POOL101 [*] ")
    assert found.stderr == b""
    fixed = pool_lint("check", "--select", "POOL101", "--fix")
    assert fixed.returncode == 0, fixed
    assert b"pool_recycle=1800" in path.read_bytes()


@pytest.mark.parametrize(
    ("before", "behind", "codes"),
    [
        ("", "", ["POOL101", "POOL102"]),
        ("", "  # noqa", []),
        ("", "  # noqa: POOL101", ["POOL102"]),
        ("", "  # noqa: E501,POOL1", []),
        ("", "  # noqa: E501", ["POOL101", "POOL102"]),
        ("", "  # pool-lint: ignore[POOL102] a proxy does it", ["POOL101"]),
        ("# pool-lint: ignore[POOL101, POOL102] a proxy does both\n", "", []),
        ("# pool-lint: ignore-file[POOL102]\n\n", "", ["POOL101"]),
        ("# pool-lint: ignore-file\n\n", "", []),
        ("# flake8: noqa\n\n", "", []),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_silence(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    before: str,
    behind: str,
    codes: list[str],
    newline: str,
) -> None:
    imported, engine = REAL.splitlines()
    text = f"{imported}\n{before}{engine}{behind}\n"
    Path("a.py").write_bytes(text.replace("\n", newline).encode())
    assert main(["check", "--output-format", "json"]) == (1 if codes else 0)
    assert [one["code"] for one in json.loads(capsys.readouterr().out)] == codes


def test_process_fixes_standard_input_without_touching_its_bytes(here: Path) -> None:
    text = b"\xef\xbb\xbf" + REAL.replace("\n", "\r\n").encode()
    fixed = pool_lint("check", "-", "--fix", "--select", "POOL101", input=text)
    assert fixed.stdout == text.replace(b"app')", b"app', pool_recycle=1800)")
    assert b"Found 1 error (1 fixed, 0 remaining)." in fixed.stderr


def test_process_bears_a_reader_that_leaves(here: Path) -> None:
    write("a.py", "from sqlalchemy import create_engine\n" + (REAL.splitlines()[1] + "\n") * 3000)
    process = subprocess.Popen(
        [sys.executable, "-m", "pool_lint", "check", "."],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a named pipe and signals")
def test_process_bears_an_interruption(here: Path) -> None:
    os.mkfifo("pipe.py")
    # What a shell starts in the background ignores the signal, and hands that on.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "pool_lint", "check", "pipe.py"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    finally:
        signal.signal(signal.SIGINT, usual)
    # The writing end opens when the other one does, just before that is read.
    with open("pipe.py", "wb"):
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"interrupted\n")


def test_process_prints_any_name_in_any_encoding(here: Path) -> None:
    name = os.fsdecode("dätei\x1b-\udce9.py".encode("utf-8", "surrogateescape"))
    try:
        write(name, REAL)
    except OSError:
        pytest.skip("this file system has no such names")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for format_ in ("full", "concise", "json"):
        found = pool_lint("check", "--output-format", format_, env=environment)
        assert found.returncode == 1, found
        assert found.stderr == b""
        assert b"\x1b" not in found.stdout
    missing = pool_lint("check", "n\u00e4\x1b.py", env=environment)
    assert missing.returncode == 2
    assert b"\x1b" not in missing.stderr


def test_a_file_that_does_not_concern_us_costs_little(here: Path) -> None:
    write("a.py", "import os\n")
    code = (
        "import sys; before = set(sys.modules)\n"
        "from pool_lint.surfaces.cli import main\n"
        "assert main(['check', 'a.py']) == 0\n"
        "print(*sorted(set(sys.modules) - before))\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    dear = {
        "dataclasses",
        "json",
        "libcst",
        "multiprocessing",
        "pathlib",
        "pathspec",
        "pool_lint.findings",
        "shutil",
        "tomllib",
        "typing",
    }
    assert not dear & set(printed.split())
