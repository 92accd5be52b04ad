"""Bad input gets a clear message and never a traceback, and the rest of the run goes on.

Every case lies beside a file with a finding, which must still be reported.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

NEIGHBOUR = "from sqlalchemy import create_engine\nengine = create_engine('postgresql://db/app')\n"
# Whatever else is wrong with a file, only one that can concern us is read any further.
OURS = b"from sqlalchemy import create_engine\n"
ENGINE = OURS + b"engine = create_engine('postgresql://db.internal/app')\n"
MINUTES = 120


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("neighbour.py").write_text(NEIGHBOUR)
    return tmp_path


def unprivileged() -> list[str]:
    """Give what a command must begin with so that permissions hold for it, root or not."""
    if not hasattr(os, "geteuid"):
        pytest.skip("this system has other permissions")
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("whoever is root may read and write everything")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"]


def check(
    *arguments: str, prefix: Sequence[str] = (), **others: Any
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "pool_lint", "check", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=MINUTES,
        **others,
    )
    for text in (done.stdout, done.stderr):
        assert "Traceback" not in text
        assert "please report" not in text
    return done


def codes(*arguments: str, prefix: Sequence[str] = ()) -> tuple[int, dict[str, set[str]], str]:
    """Give the exit code, the codes of each file and what is on standard error."""
    done = check("--output-format", "json", *(arguments or (".",)), prefix=prefix)
    found: dict[str, set[str]] = {}
    for finding in json.loads(done.stdout):
        found.setdefault(Path(finding["filename"]).name, set()).add(finding["code"])
    assert "POOL101" in found.pop("neighbour.py"), "the rest of the run went on"
    return done.returncode, found, done.stderr


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(OURS + bytes(range(256)) * 20, id="not text"),
        pytest.param(OURS + b"name = '\xff'\n", id="not UTF-8"),
        pytest.param(OURS.decode().encode("utf-16") + OURS, id="half UTF-16"),
        pytest.param(OURS + b"\x00\x00\n", id="NUL bytes"),
        pytest.param(b"# coding: klingon\n" + OURS, id="unknown coding line"),
        pytest.param(b"# coding: ascii\n" + OURS + "# é\n".encode(), id="wrong coding line"),
        pytest.param(b"# coding: base64\n" + OURS, id="coding line that is no text encoding"),
        pytest.param(b"\xef\xbb\xbf# coding: latin-1\n" + OURS, id="coding line against the mark"),
        pytest.param(ENGINE + b"Dear Sir,\nplease find attached\n", id="not Python"),
        pytest.param(OURS + b"engine = create_engine(\n    'postgresql://", id="half-written"),
        pytest.param(ENGINE + b"def f():\n  if x:\n\tpass\n      y\n", id="wrong indentation"),
        pytest.param(ENGINE + b"print 'python 2'\n", id="Python 2"),
    ],
)
def test_an_unreadable_file_is_a_finding(data: bytes) -> None:
    Path("bad.py").write_bytes(data)
    code, found, err = codes()
    assert (code, found, err) == (1, {"bad.py": {"POOL902"}}, "")
    for format_ in ("full", "concise"):
        assert check("--output-format", format_).returncode == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x00\xff" * 100,
        b"",
        b"\xff\xfe",
        b"x = (\n",
        b"\x00",
        b"# coding: klingon\n",
        OURS + b"print 'nothing'\n",
    ],
)
def test_an_unreadable_file_that_cannot_concern_us_is_clean(data: bytes) -> None:
    Path("bad.py").write_bytes(data)
    assert codes() == (1, {}, "")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = " + "(" * 1000 + ")" * 1000 + "\n", id="a thousand brackets"),
        pytest.param("x = " + "[" * 1000 + "]" * 1000 + "\n", id="a thousand lists"),
        pytest.param("x = " + "(" * 1000, id="a thousand open brackets"),
        pytest.param("x = " + "f(" * 90 + ")" * 90 + "\n", id="ninety calls"),
        pytest.param("x = " + " + ".join(["y"] * 30_000) + "\n", id="thirty thousand terms"),
        pytest.param("x = " + "-" * 5000 + "1\n", id="five thousand signs"),
        pytest.param("x = a" + ".b" * 5000 + "\n", id="five thousand attributes"),
        pytest.param("x = a" + ".b()" * 3000 + "\n", id="three thousand chained calls"),
        pytest.param(
            "".join(f"{' ' * depth}if x:\n" for depth in range(95)) + " " * 95 + "pass\n",
            id="ninety-five blocks",
        ),
        pytest.param(
            "if x:\n    pass\n" + "elif x:\n    pass\n" * 3000, id="three thousand branches"
        ),
    ],
)
@pytest.mark.parametrize("concerned", [False, True])
def test_monsters_are_survived(text: str, concerned: bool) -> None:
    """The statement lies beside our code, or holds it."""
    engine = "engine = create_engine('postgresql://db/app')\n"
    body = text.replace("y", "create_engine", 1) if concerned else text
    Path("monster.py").write_text(OURS.decode() + engine + body)
    code, found, err = codes()
    assert (code, err) == (1, "")
    assert found["monster.py"] & {"POOL101", "POOL902"}


def test_a_million_lines() -> None:
    lines = b"# nothing\n" * 990_000 + b"x = 1\n" * 10_000
    Path("long.py").write_bytes(OURS + lines + b"engine = create_engine('postgresql://db/app')\n")
    done = check("long.py", "--select", "POOL101", "--output-format", "concise")
    assert done.stdout.startswith("long.py:1000002:10: POOL101 ")
    assert (done.returncode, done.stderr) == (1, "")


def test_a_line_of_a_million_characters() -> None:
    Path("wide.py").write_bytes(
        OURS + b"x = '" + b"0" * 1_000_000 + b"'; engine = create_engine('postgresql://db/app')\n"
    )
    done = check("wide.py", "--select", "POOL101")
    assert (done.returncode, done.stderr) == (1, "")
    assert "POOL101" in done.stdout
    assert len(done.stdout) < 2000


def test_a_missing_path() -> None:
    code, found, err = codes("missing.py", "no/such/folder", ".")
    assert (code, found) == (2, {})
    assert err.splitlines() == [
        "error: missing.py: No such file or directory",
        "error: no/such/folder: No such file or directory",
    ]


def test_no_permission() -> None:
    prefix = unprivileged()
    Path("locked").mkdir(mode=0)
    Path("secret.py").write_bytes(OURS)
    Path("secret.py").chmod(0)
    try:
        code, found, err = codes(prefix=prefix)
    finally:
        Path("locked").chmod(0o700)
    assert (code, found) == (2, {})
    assert sorted(err.splitlines()) == [
        "error: locked: Permission denied",
        "error: secret.py: Permission denied",
    ]


def test_symbolic_link_loops(here: Path) -> None:
    Path("loop").symlink_to(here, target_is_directory=True)
    Path("self.py").symlink_to("self.py")
    assert codes() == (1, {}, "")
    code, found, err = codes("self.py", ".")
    assert (code, found) == (2, {})
    assert err.startswith("error: self.py: ")


def test_a_file_that_is_gone_before_it_is_read() -> None:
    Path("gone.py").symlink_to("nowhere.py")
    code, _, err = codes("gone.py", ".")
    assert (code, err) == (2, "error: gone.py: No such file or directory\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[tool.pool-lint]\nexlude = []\n",
            (
                "error: pyproject.toml: unknown key `exlude` in [tool.pool-lint]; "
                "did you mean `exclude`?\n"
            ),
        ),
        ("[tool.pool-lint]\nselect = 1\n", "error: pyproject.toml: `select` must be a list of"),
        ("[tool.pool-lint\n", "error: pyproject.toml: not valid TOML: "),
    ],
)
def test_a_mistake_in_the_configuration(text: str, message: str) -> None:
    Path("pyproject.toml").write_text(text)
    code, found, err = codes()
    assert (code, found) == (2, {})
    assert err.startswith(message)


def test_code_under_lint_is_never_executed() -> None:
    Path("bad.py").write_bytes(OURS + b"open('executed', 'w')\n" + NEIGHBOUR.encode())
    modules = ("argparse", "conftest", "json", "libcst", "pathspec", "sqlalchemy", "typing")
    for name in modules:
        Path(f"{name}.py").write_text("open('imported', 'w')\n")
    Path(".gitignore").write_text("nothing\n")
    assert codes()[0] == 1
    check("--fix", "--unsafe-fixes")
    check("--diff", "bad.py")
    assert not Path("executed").exists()
    assert not Path("imported").exists()


def test_a_fix_leaves_unreadable_files_alone() -> None:
    for name, data in (("a.py", OURS + b"\xff\n"), ("b.py", OURS + b"create_engine('x', (\n")):
        Path(name).write_bytes(data)
        check("--fix", "--unsafe-fixes")
        assert Path(name).read_bytes() == data


def test_a_file_that_must_not_be_written_is_left_alone() -> None:
    path = Path("neighbour.py")
    path.chmod(0o444)
    done = check("--fix", prefix=unprivileged())
    assert done.returncode == 2
    assert done.stderr == "error: neighbour.py: not fixed: Permission denied\n"
    assert path.read_text() == NEIGHBOUR
