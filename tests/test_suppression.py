"""Comments that silence: flake8's noqa as flake8 reads it, and our own."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from pool_lint.findings import Finding, Level, Position, Range
from pool_lint.pipeline import lint
from pool_lint.settings import Settings
from pool_lint.syntax.suppression import Suppressions


def at(row: int, code: str = "POOL101") -> Finding:
    place = Range(Position(row, 1), Position(row, 2))
    return Finding(code, "missing-pool-recycle", Level.ERROR, "wrong", "f.py", place)


def hidden(text: str, *, code: str = "POOL101", noqa: bool = True) -> list[int]:
    """The rows on which a finding would be silent."""
    suppressions = Suppressions.of(text)
    rows = range(1, text.count("\n") + 2)
    return [row for row in rows if suppressions.hides(at(row, code), noqa)]


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("# noqa", True),
        ("# NoQA", True),
        ("# noqa: POOL101", True),
        ("# noqa:POOL101", True),
        ("# noqa: E501,POOL101", True),
        ("# noqa: E501 POOL101", True),
        ("# noqa: POOL1", True),
        ("# noqa: POOL101 -- because", True),
        ("# type: ignore # noqa: POOL101", True),
        ("# noqa: POOL", True),
        ("# noqa : E501", True),
        ("# noqa: E501", False),
        ("# noqa: POOL102", False),
        ("# noqa: pool101", False),
        ("#noqa", False),
        ("# nothing", False),
    ],
)
def test_noqa(comment: str, silent: bool) -> None:
    assert hidden(f"x = 1  {comment}\ny = 2") == ([1] if silent else [])
    assert hidden(f"x = 1  {comment}\ny = 2", noqa=False) == []


def test_a_whole_file_for_flake8() -> None:
    assert hidden("x = 1\n# flake8: noqa\n") == [1, 2, 3]
    assert hidden("x = 1\n# flake8: noqa\n", noqa=False) == []
    assert hidden("x = 1  # flake8: noqa\n") == []


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("# pool-lint: ignore[POOL101] the proxy recycles", True),
        ("#pool-lint:ignore[POOL101]", True),
        ("# POOL-LINT: Ignore[pool101]", True),
        ("# pool-lint: ignore[POOL2, POOL1]", True),
        ("# pool-lint: ignore[POOL]", True),
        ("# pool-lint: ignore [POOL101]", True),
        ("# pool-lint: ignore[POOL101", True),
        ("# pool-lint: ignore[missing-pool-recycle]", True),
        ("# pool-lint: ignore", True),
        ("# pool-lint: ignore, the proxy recycles", True),
        ("# noqa: E501  # pool-lint: ignore[POOL101]", True),
        ("# pool-lint: ignore[POOL3] # pool-lint: ignore[POOL1]", True),
        ("# pool-lint: ignore[POOL102]", False),
        ("# pool-lint: ignore[POOL102", False),
        ("# pool-lint: ignore[]", False),
        ("# pool-lint: ignore[P]", False),
        ("# pool-lint: ignored", False),
        ("# pool-lint: ignore-files", False),
        ("# pool-lint: ignore-line", False),
        ("# pool: ignore[POOL101]", False),
    ],
)
@pytest.mark.parametrize("noqa", [True, False])
def test_own_comment(comment: str, silent: bool, noqa: bool) -> None:
    assert hidden(f"x = 1  {comment}\ny = 2", noqa=noqa) == ([1] if silent else [])


@pytest.mark.parametrize(
    "text",
    [
        "# pool-lint: ignore[POOL101] reason\nx = 1\ny = 2\n",
        "# pool-lint: ignore[POOL101]\n# another comment\nx = 1\ny = 2\n",
        "# pool-lint: ignore[POOL101]\n# pool-lint: ignore[POOL102]\nx = 1\ny = 2\n",
        "if 1:\n    # pool-lint: ignore[POOL101]\n    x = 1\n    y = 2\n",
        "if 1:\n    z = 1\n# pool-lint: ignore[POOL101]\n    x = 1\n    y = 2\n",
    ],
)
def test_own_comment_alone_on_a_line_speaks_of_the_next(text: str) -> None:
    silent = [text.split("\n")[row - 1].strip() for row in hidden(text)]
    assert silent == ["x = 1"]


def test_own_comment_does_not_reach_over_a_blank_line() -> None:
    assert 3 not in hidden("# pool-lint: ignore\n\nx = 1\n")


def test_own_comment_before_a_statement_covers_all_its_lines() -> None:
    text = "# pool-lint: ignore\nx = f(\n    1,\n    2,\n)\ny = 1\n"
    assert hidden(text) == [2, 3, 4, 5]


def test_own_comment_behind_the_end_of_a_statement_covers_all_its_lines() -> None:
    text = "x = f(\n    1,\n    2,\n)  # pool-lint: ignore\ny = 1\n"
    assert hidden(text) == [1, 2, 3, 4]


def test_own_comment_within_a_statement_covers_its_line() -> None:
    text = "x = f(  # pool-lint: ignore\n    1,\n    2,\n)\n"
    assert hidden(text) == [1]
    text = "x = f(\n    1,  # pool-lint: ignore\n    2,\n)\n"
    assert hidden(text) == [2]
    text = "x = f(\n    # pool-lint: ignore\n    1,\n    2,\n)\n"
    assert hidden(text) == [3]


def test_own_comment_covers_a_compound_statements_head_and_not_its_body() -> None:
    text = "async with (\n    a\n):  # pool-lint: ignore\n    b\n"
    assert hidden(text) == [1, 2, 3]


def test_own_comment_must_be_a_comment() -> None:
    text = 'x = "# pool-lint: ignore"\ny = """\n# pool-lint: ignore-file\n"""\nz = 1\n'
    assert hidden(text) == []


def test_own_comment_for_a_whole_file() -> None:
    assert hidden("x = 1\n# pool-lint: ignore-file\n") == [1, 2, 3]
    assert hidden("x = 1\n# pool-lint: ignore-file[POOL1] generated\n") == [1, 2, 3]
    assert hidden("x = 1\n# pool-lint: ignore-file[POOL1]\n", code="POOL201") == []


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_other_line_ends(newline: str) -> None:
    text = "x = 1  # noqa\n# pool-lint: ignore\ny = f(\n\x0c1)\nz = 1\n".replace("\n", newline)
    suppressions = Suppressions.of(text)
    assert [row for row in range(1, 6) if suppressions.hides(at(row), True)] == [1, 3, 4]


@pytest.mark.parametrize("broken", ["x = (((\n", "  y\n x\n", 'x = """\n', "x = $ ? `\n"])
def test_text_that_is_not_python(broken: str) -> None:
    assert 1 in hidden(f"a = 1  # noqa: POOL101\n{broken}")
    assert 2 in hidden(f"# pool-lint: ignore[POOL101]\na = 1\n{broken}")
    assert hidden(f"# pool-lint: ignore-file\n{broken}") == list(range(1, broken.count("\n") + 3))


def test_where_a_noqa_belongs() -> None:
    text = 'x = 1\ny = """\n"""\nz = 1 + \\\n    2\na = f(\n    1,\n)\n'
    suppressions = Suppressions.of(text)
    rows = [suppressions.noqa_row(at(row).range) for row in range(1, 9)]
    assert rows == [1, 3, 3, 5, 5, 6, 7, 8]


FRAGMENTS = [
    "x = 1{}\n",
    "x = f({}\n    1,{}\n){}\n",
    'x = """{}\nb{}\n"""{}\n',
    "x = 1 + \\\n    2{}\n",
    "if x:{}\n    y = '''\n'''{}\n    # c{}\nz = 1{}\n",
    "def f(\n    a='''\n    ''',{}\n):{}\n    pass{}\n\n\n",
    "f(f'''{{x}}\n    x{}\n'''){}\n",
    "class A:{}\n    x: int{}\n\n    # end{}\n",
]
COMMENTS = [
    "  # noqa",
    "  # noqa: POOL101",
    "  # noqa:POOL1,E501",
    "  # noqa: E501",
    "  # noqa: pool101",
    "  # noqa : POOL2",
    "  #noqa",
    "  # a # NOQA: E501 , POOL101",
    "  # flake8: noqa",
    *[""] * 6,
]
EVERY_LINE = """
class EveryLine:
    name = "every-line"
    version = "1"

    def __init__(self, tree, lines):
        self.lines = lines

    def run(self):
        for row in range(1, len(self.lines) + 1):
            yield row, 0, "POOL101 here", EveryLine
"""
CONFIGURATION = """
[flake8:local-plugins]
extension =
    ABC = every_line:EveryLine
paths = .
"""


def test_noqa_is_read_as_flake8_reads_it(tmp_path: Path) -> None:
    chance = random.Random(2)
    texts = {}
    for number in range(150):
        pieces = chance.choices(FRAGMENTS, k=chance.randint(1, 3))
        text = "".join(
            piece.format(*(chance.choice(COMMENTS) for _ in range(piece.count("{}"))))
            for piece in pieces
        )
        if number % 50 == 0:
            text += "# flake8: noqa\n"
        texts[f"f{number}.py"] = text if number % 3 else text.rstrip("\n")
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text)
    (tmp_path / "every_line.py").write_text(EVERY_LINE)
    (tmp_path / ".flake8").write_text(CONFIGURATION)
    run = subprocess.run(
        [sys.executable, "-m", "flake8", "--select=POOL101", "--format=%(path)s:%(row)d", "files"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    shown = {tuple(line.rsplit("/", 1)[-1].split(":")) for line in run.stdout.split()}
    for name, text in texts.items():
        rows = range(1, len(text.split("\n")) + (0 if text.endswith("\n") else 1))
        silent = set(hidden(text))
        for row in rows:
            assert ((name, str(row)) in shown) is (row not in silent), (text, row)


def judged(
    text: str | bytes, *, settings: Settings | None = None, filename: str = "f.py"
) -> list[tuple[int, str]]:
    """Where POOL900 and POOL901 are found."""
    found = lint(text, filename=filename, settings=settings)
    return [(one.range.start.row, one.code) for one in found if one.code in ("POOL900", "POOL901")]


IDLE = "x = 1  # pool-lint: ignore[POOL101]\ny = 1  # noqa: POOL101\n"
ENGINE = "from sqlalchemy import create_engine\n\n"


@pytest.mark.parametrize(
    "settings",
    [
        Settings(ignore=("POOL101",)),
        Settings(select=("POOL4", "POOL9")),
        Settings(per_file_ignores={"f.py": ("POOL1",)}),
        Settings(ignore=("POOL9",)),
        Settings(per_file_ignores={"*.py": ("POOL900",)}),
    ],
)
@pytest.mark.parametrize("head", ["", ENGINE])
def test_rules_that_do_not_run_are_not_missed(settings: Settings, head: str) -> None:
    assert [code for _, code in judged(head + IDLE)] == ["POOL900", "POOL900"]
    assert judged(head + IDLE, settings=settings) == []


def test_a_group_is_judged_by_the_rules_that_are_on_by_default() -> None:
    text = "x = 1  # pool-lint: ignore[POOL1]\ny = 1  # pool-lint: ignore\n"
    assert judged(text) == [(1, "POOL900"), (2, "POOL900")]
    assert judged(text, settings=Settings(ignore=("POOL101",))) == []
    assert judged(text, settings=Settings(ignore=("POOL4",))) == [(1, "POOL900")]


def test_a_rule_that_is_off_by_default_is_never_missed() -> None:
    text = "x = 1  # pool-lint: ignore[POOL118]\n"
    assert judged(text) == []
    assert judged(text, settings=Settings(extend_select=("POOL118",))) == []


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: E501",
        "# noqa: pool101",
        "# noqa: POOL900",
        "# noqa: POOL101,POOL900",
        "# pool-lint: ignore[POOL101, POOL900]",
        "# pool-lint: ignore[POOL101, unused-suppression]",
        "# pool-lint: ignore[POOL101] # noqa",
        "# flake8: noqa: POOL101",
        "# noqa: E501 # noqa: POOL101",
    ],
)
def test_what_is_never_judged(comment: str) -> None:
    assert judged(f"x = 1  {comment}\n") == []


def test_a_comment_does_not_silence_what_is_said_of_it() -> None:
    for comment in ("# pool-lint: ignore", "# pool-lint: ignore[POOL]", "# pool-lint: ignore-file"):
        assert judged(f"{comment}\nx = 1\n") == [(1, "POOL900")]
    assert judged(f"# pool-lint: ignore-file[POOL900]\n{IDLE}") == []


def test_a_file_that_is_ignored_as_a_whole_and_needs_it() -> None:
    engine = 'engine = create_engine("postgresql://app@db.internal/shop")\n'
    assert lint(f"# pool-lint: ignore-file\n{ENGINE}{engine}") == []
    assert judged(f"# pool-lint: ignore-file\n{ENGINE}") == [(1, "POOL900")]


@pytest.mark.parametrize("broken", ["x = (((\n", 'x = """\n', f"x = {'(' * 250}1{')' * 250}\n"])
def test_what_is_not_checked_is_not_judged(broken: str) -> None:
    text = f'{ENGINE}engine = create_engine("sqlite://")\ny = 1  # noqa: POOL101\n{broken}'
    assert judged(text) == []
    settings = Settings(ignore=("POOL902",))
    assert judged(text, settings=settings) == []


def test_bytes_that_are_no_text_are_not_judged() -> None:
    assert lint(b"x = '\xff'  # noqa: POOL101\n") == []


def test_a_comment_on_code_that_is_passed_over_is_judged() -> None:
    engine = (
        "engine = create_engine(\n"
        '    "postgresql+psycopg://app@db.internal/shop", pool_pre_ping=True, pool_recycle=1800\n'
        ")\n"
    )
    idle = "def total(prices):\n    return sum(prices)  # pool-lint: ignore[POOL501]\n"
    assert judged(f"{ENGINE}{engine}\n\n{idle}") == [(9, "POOL900")]


def test_files_without_such_a_comment_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("pool_lint.pipeline.Source.read_code", read)
    for text in ("x = 1\n", "POOL_SIZE = 1  # noqa: E501\n", "x = 'pool-lint'  # noqa\n"):
        assert lint(text) == []
    with pytest.raises(AssertionError):
        lint("x = 1  # noqa: POOL101\n")


def test_a_file_of_comments_is_mended_by_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "f.py"
    file.write_bytes(b"\xef\xbb\xbfx = 1  # noqa: POOL101\r\ny = 1  # pool-lint: ignore")
    run = subprocess.run(
        [sys.executable, "-m", "pool_lint", "check", "--fix", "f.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert file.read_bytes() == b"\xef\xbb\xbfx = 1\r\ny = 1"


@pytest.mark.parametrize("arguments", [[], ["--disable-noqa"]])
def test_flake8_says_the_same_of_comments(tmp_path: Path, arguments: list[str]) -> None:
    engine = 'engine = create_engine("postgresql://app@db.internal/shop")'
    text = (
        f"{ENGINE}{engine}  # noqa: POOL101,POOL102,POOL104\n"
        "x = 1  # noqa: POOL101\ny = 1  # noqa: E501,POOL101\nz = 1  # noqa: POOL999\n"
    )
    (tmp_path / "f.py").write_text(text)
    (tmp_path / "g.py").write_text("x = 1  # noqa: POOL101\ny = 1  # noqa\n")
    run = subprocess.run(
        [sys.executable, "-m", "flake8", "--isolated", "--select=POOL9",
         "--format=%(path)s:%(row)d:%(code)s", *arguments, "f.py", "g.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.stderr == ""
    expected = ["f.py:3:POOL900", "f.py:4:POOL900", "f.py:5:POOL900", "f.py:6:POOL901",
                "g.py:1:POOL900"]  # fmt: skip
    assert sorted(run.stdout.split()) == expected
