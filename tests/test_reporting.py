"""What findings look like to people and to programs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pool_lint.findings import Applicability, Edit, Finding, Fix, Level, Note, Position, Range
from pool_lint.reporting import concise, diff, full, json_
from pool_lint.reporting.sources import Sources
from pool_lint.reporting.terminal import cells, safe
from pool_lint.reporting.words import diff_summary, summary


def place(row: int, column: int, end_row: int, end_column: int) -> Range:
    return Range(Position(row, column), Position(end_row, end_column))


INSERT = Edit(place(4, 28, 4, 28), ", pool_recycle=1800")
SAFE = Fix(Applicability.SAFE, "add pool_recycle", (INSERT,))
UNSAFE = Fix(Applicability.UNSAFE, "add pool_recycle", (INSERT,))
DISPLAY = Fix(Applicability.DISPLAY, "make one engine", ())


def finding(
    where: Range,
    *,
    message: str = "the engine has no pool_recycle",
    advice: str = "pass pool_recycle=1800",
    notes: tuple[Note, ...] = (),
    fix: Fix | None = None,
    level: Level = Level.WARNING,
    filename: str = "app/db.py",
) -> Finding:
    return Finding(
        code="POOL101",
        name="missing-pool-recycle",
        level=level,
        message=message,
        filename=filename,
        range=where,
        help=advice,
        notes=notes,
        fix=fix,
    )


def drawn(one: Finding, text: str, **others: str) -> str:
    known = {"app/db.py": text, **{name.replace("_", "."): body for name, body in others.items()}}
    sources = Sources({name: body.encode() for name, body in known.items()})
    return "\n".join(full.render([one], sources))


TEXT = """\
from sqlalchemy import create_engine

url = "postgresql://db/app"
engine = create_engine(url)


def close():
    engine.dispose()
"""


def test_frame_of_one_line() -> None:
    assert (
        drawn(finding(place(4, 10, 4, 28), fix=SAFE), TEXT)
        == """\
POOL101 [*] the engine has no pool_recycle
 --> app/db.py:4:10
  |
3 | url = "postgresql://db/app"
4 | engine = create_engine(url)
  |          ^^^^^^^^^^^^^^^^^^
  |
help: pass pool_recycle=1800
"""
    )


def test_notes_are_marked_in_the_same_frame() -> None:
    notes = (
        Note(place(1, 24, 1, 37), "imported here"),
        Note(place(8, 5, 8, 21), "given back here"),
    )
    assert (
        drawn(finding(place(4, 10, 4, 28), notes=notes), TEXT)
        == """\
POOL101 the engine has no pool_recycle
 --> app/db.py:4:10
  |
1 | from sqlalchemy import create_engine
  |                        ------------- imported here
2 |
3 | url = "postgresql://db/app"
4 | engine = create_engine(url)
  |          ^^^^^^^^^^^^^^^^^^
...
8 |     engine.dispose()
  |     ---------------- given back here
  |
help: pass pool_recycle=1800
"""
    )


def test_a_note_on_the_line_of_the_finding_stands_below() -> None:
    notes = (Note(place(4, 24, 4, 27), "this is PostgreSQL"),)
    assert """\
4 | engine = create_engine(url)
  |          ^^^^^^^^^^^^^^^^^^
  |                        --- this is PostgreSQL
""" in drawn(finding(place(4, 10, 4, 28), notes=notes), TEXT)


def test_notes_in_other_files_have_frames_of_their_own() -> None:
    notes = (Note(place(12, 1, 12, 7), "called from here", "views.py"),)
    views = "\n" * 11 + "handle()\n"
    assert (
        drawn(finding(place(4, 10, 4, 28), notes=notes), TEXT, views_py=views)
        == """\
POOL101 the engine has no pool_recycle
  --> app/db.py:4:10
   |
 3 | url = "postgresql://db/app"
 4 | engine = create_engine(url)
   |          ^^^^^^^^^^^^^^^^^^
   |
  ::: views.py:12:1
   |
12 | handle()
   | ------ called from here
   |
help: pass pool_recycle=1800
"""
    )


def test_a_range_over_several_lines_gets_a_bar() -> None:
    text = "x = 1\nengine = create_engine(\n    url,\n    echo=True,\n)\ny = 2\n"
    notes = (Note(place(3, 5, 3, 8), "PostgreSQL"),)
    assert (
        drawn(finding(place(2, 10, 5, 2), notes=notes), text)
        == """\
POOL101 the engine has no pool_recycle
 --> app/db.py:2:10
  |
1 |   x = 1
2 |   engine = create_engine(
  |  __________^
3 | |     url,
  | |     --- PostgreSQL
4 | |     echo=True,
5 | | )
  | |_^
6 |   y = 2
  |
help: pass pool_recycle=1800
"""
    )


def test_a_range_that_begins_a_line_begins_its_bar() -> None:
    text = "with begin():\n    a()\n    b()\n"
    assert """\
1 | / with begin():
2 | |     a()
3 | |     b()
  | |_______^
""" in drawn(finding(place(1, 1, 3, 8)), text)


def test_the_middle_of_a_long_range_is_left_out() -> None:
    text = "with begin():\n" + "".join(f"    a({row})\n" for row in range(2, 31))
    picture = drawn(finding(place(1, 1, 30, 10)), text)
    assert "a(4)" in picture
    assert "...\n29 | |     a(29)\n" in picture
    assert "a(10)" not in picture


def test_tabs_and_wide_characters_keep_marks_in_place() -> None:
    text = '\tname = "東京"; engine = f(x)\n'
    column = text.index("f(x)") + 1
    lines = drawn(finding(place(1, column, 1, column + 4)), text).splitlines()
    assert lines[3] == '1 |     name = "東京"; engine = f(x)'
    # Two of the characters take two columns each.
    assert lines[4].index("^") == lines[3].index("f(x)") + 2
    assert lines[4].count("^") == 4


def test_a_very_long_line_is_cut_around_the_mark() -> None:
    text = "x = [" + "0, " * 50_000 + "here, " + "1, " * 50_000 + "]\n"
    column = text.index("here") + 1
    lines = drawn(finding(place(1, column, 1, column + 4)), text).splitlines()
    assert len(lines[3]) < 220
    begin = lines[4].index("^")
    assert lines[3][begin : begin + 4] == "here"


@pytest.mark.parametrize(
    "where",
    [place(99, 1, 99, 5), place(4, 90, 4, 99), place(8, 1, 99, 1), place(2, 1, 2, 1)],
)
def test_a_range_outside_the_text_is_no_disaster(where: Range) -> None:
    picture = drawn(finding(where), TEXT)
    assert f"app/db.py:{where.start.row}:" in picture
    assert "help: " in picture


def test_a_file_that_is_gone_is_no_disaster(tmp_path: Path) -> None:
    one = finding(
        place(4, 10, 4, 28),
        filename=str(tmp_path / "gone.py"),
        notes=(Note(place(1, 1, 1, 5), "imported here"),),
    )
    assert list(full.render([one], Sources()))[1:3] == [
        f" --> {tmp_path / 'gone.py'}:4:10",
        "note: line 1: imported here",
    ]


def test_nothing_in_a_file_reaches_the_terminal_as_a_command() -> None:
    evil = "\x1b]0;owned\x07\x9b31m\u202e\r\x08\udce9"
    one = finding(place(1, 5, 1, 6), message=f"m{evil}", advice=f"h{evil}", filename=f"f{evil}")
    source = "x = '\x1b[2J\u202e'  # \x9b1m\n".encode()
    for line in [*full.render([one], Sources({one.filename: source})), *concise.render([one])]:
        assert line.isprintable(), line
    assert "\\x1b[2J\\u202e" in "\n".join(full.render([one], Sources({one.filename: source})))


def test_escapes_are_counted_as_wide_as_they_are_printed() -> None:
    shown, columns = cells("a\x1bb\tc")
    assert shown == "a\\x1bb  c"
    assert columns == [0, 1, 5, 6, 8, 9]
    assert safe("plain é 東") == "plain é 東"


def test_colours_change_nothing_but_colours() -> None:
    one = finding(place(4, 10, 4, 28), fix=SAFE, notes=(Note(place(1, 1, 1, 5), "here"),))
    sources = Sources({"app/db.py": TEXT.encode()})
    coloured = "\n".join(full.render([one], sources, colour=True))
    assert "\x1b[1;33mPOOL101\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == drawn(one, TEXT)


@pytest.mark.parametrize(
    ("fix", "unsafe", "mark"),
    [
        (SAFE, False, "[*] "),
        (UNSAFE, False, ""),
        (UNSAFE, True, "[*] "),
        (DISPLAY, True, ""),
        (None, True, ""),
    ],
)
def test_concise_marks_what_can_be_fixed(fix: Fix | None, unsafe: bool, mark: str) -> None:
    lines = list(concise.render([finding(place(4, 10, 4, 28), fix=fix)], unsafe=unsafe))
    assert lines == [f"app/db.py:4:10: POOL101 {mark}the engine has no pool_recycle"]


def test_an_unsafe_fix_is_called_so() -> None:
    picture = drawn(finding(place(4, 10, 4, 28), fix=UNSAFE), TEXT)
    assert "note: the fix is unsafe: it may change what the program does" in picture


def test_json_has_the_shape_of_the_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    notes = (Note(place(1, 24, 1, 37), "imported here"), Note(place(1, 1, 1, 2), "b", "b.py"))
    one = finding(place(4, 10, 4, 28), fix=SAFE, notes=notes)
    read = json.loads(json_.render([one], Sources({"app/db.py": TEXT.encode()})))
    assert read == [
        {
            "cell": None,
            "code": "POOL101",
            "name": "missing-pool-recycle",
            "level": "warning",
            "message": "the engine has no pool_recycle",
            "help": "pass pool_recycle=1800",
            "filename": str(tmp_path / "app/db.py"),
            "location": {"row": 4, "column": 10},
            "end_location": {"row": 4, "column": 28},
            "noqa_row": 4,
            "fix": {
                "applicability": "safe",
                "message": "add pool_recycle",
                "edits": [
                    {
                        "content": ", pool_recycle=1800",
                        "location": {"row": 4, "column": 28},
                        "end_location": {"row": 4, "column": 28},
                    }
                ],
            },
            "notes": [
                {
                    "message": "imported here",
                    "filename": str(tmp_path / "app/db.py"),
                    "location": {"row": 1, "column": 24},
                    "end_location": {"row": 1, "column": 37},
                },
                {
                    "message": "b",
                    "filename": str(tmp_path / "b.py"),
                    "location": {"row": 1, "column": 1},
                    "end_location": {"row": 1, "column": 2},
                },
            ],
            "url": None,
        }
    ]


def test_json_of_nothing_is_an_empty_array() -> None:
    assert json.loads(json_.render([], Sources())) == []


def test_json_tells_the_row_that_takes_a_noqa() -> None:
    text = 'x = f("""\na\n""")\n'
    one = finding(place(1, 5, 3, 5), advice="", fix=None)
    read = json.loads(json_.render([one], Sources({"app/db.py": text.encode()})))
    assert (read[0]["noqa_row"], read[0]["fix"], read[0]["help"]) == (3, None, None)


@pytest.mark.parametrize(
    ("fixes", "fixed", "fixing", "unsafe", "lines"),
    [
        ([], 0, False, False, ["All checks passed!"]),
        ([], 0, True, False, ["All checks passed!"]),
        ([None], 0, False, False, ["Found 1 error."]),
        (
            [SAFE, SAFE, UNSAFE],
            0,
            False,
            False,
            [
                "Found 3 errors.",
                "[*] 2 fixable with the `--fix` option (1 hidden fix with `--unsafe-fixes`).",
            ],
        ),
        (
            [SAFE, UNSAFE],
            0,
            False,
            True,
            ["Found 2 errors.", "[*] 2 fixable with the `--fix` option."],
        ),
        (
            [UNSAFE, UNSAFE, DISPLAY],
            0,
            False,
            False,
            ["Found 3 errors.", "No fixes available (2 hidden fixes with `--unsafe-fixes`)."],
        ),
        ([None, DISPLAY], 3, True, False, ["Found 5 errors (3 fixed, 2 remaining)."]),
        ([], 1, True, False, ["Found 1 error (1 fixed, 0 remaining)."]),
        (
            [UNSAFE],
            1,
            True,
            False,
            [
                "Found 2 errors (1 fixed, 1 remaining).",
                "No fixes available (1 hidden fix with `--unsafe-fixes`).",
            ],
        ),
    ],
)
def test_summary(
    fixes: list[Fix | None], fixed: int, fixing: bool, unsafe: bool, lines: list[str]
) -> None:
    findings = [finding(place(4, 10, 4, 28), fix=fix) for fix in fixes]
    assert list(summary(findings, fixed=fixed, fixing=fixing, unsafe=unsafe)) == lines


def test_summary_of_a_diff() -> None:
    assert diff_summary(0) == "No errors would be fixed."
    assert diff_summary(1) == "Would fix 1 error."
    assert diff_summary(2) == "Would fix 2 errors."
    left = [finding(place(4, 10, 4, 28), fix=fix) for fix in (None, DISPLAY, UNSAFE)]
    assert diff_summary(2, left) == "Would fix 2 errors (1 hidden fix with `--unsafe-fixes`)."
    assert diff_summary(0, left) == "No errors would be fixed (1 hidden fix with `--unsafe-fixes`)."


def test_a_diff_keeps_line_ends_and_says_where_one_is_missing() -> None:
    pieces = "".join(diff.render("a.py", b"x = 1\r\ny = 2", b"x = 1\r\ny = 3"))
    assert pieces == (
        "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n x = 1\r\n"
        "-y = 2\n\\ No newline at end of file\n+y = 3\n\\ No newline at end of file\n"
    )


def test_a_diff_on_a_terminal_commands_nothing() -> None:
    pieces = list(diff.render("a\x1b.py", b"\tx = '\x1b[2J'\n", b"\ty\r\n", shown=True))
    assert pieces[3:] == ["-\tx = '\\x1b[2J'\n", "+\ty\r\n"]
    assert pieces[0] == "--- a\\x1b.py\n"
