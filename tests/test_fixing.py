"""Fixes: applied together, proven, byte for byte, and written whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pool_lint.findings import Applicability, Edit, Finding, Fix, Level, Position, Range
from pool_lint.fixing import FileChangedError, fix_text, write_atomically
from pool_lint.fixing.edits import InvalidEditError, Plan, Replacement, TextMap
from pool_lint.syntax.source import Source, UnreadableSource

Rule = Callable[[str], "list[Finding]"]
Install = Callable[..., None]
posix = pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Let ``lint`` be the given rules, each a function from text to findings."""

    def install(*rules: Rule) -> None:
        def lint(source: bytes, **_: object) -> list[Finding]:
            try:
                text = Source.read(source).text
            except UnreadableSource:
                text = ""
            return [finding for rule in rules for finding in rule(text)]

        module = ModuleType("pool_lint.pipeline")
        module.lint = lint  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "pool_lint.pipeline", module)

    return install


def replacing(
    word: str,
    by: str,
    *,
    code: str = "POOL501",
    first_line: str = "",
    applicability: Applicability = Applicability.SAFE,
) -> Rule:
    """A rule that finds a word and replaces it, with a line of its own at the top of the file."""

    def check(text: str) -> list[Finding]:
        findings = []
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for row, line in enumerate(lines, 1):
            column = line.find(word)
            while column >= 0:
                place = span(row, column + 1, row, column + 1 + len(word))
                edits = [Edit(place, by)]
                if first_line and first_line.rstrip("\n") not in lines:
                    edits.insert(0, Edit(span(1, 1, 1, 1), first_line))
                fix = Fix(applicability, f"Write {by}", tuple(edits))
                findings.append(found(place, code=code, fix=fix))
                column = line.find(word, column + 1)
        return findings

    return check


def found(place: Range, *, code: str = "POOL501", fix: Fix | None = None) -> Finding:
    return Finding(code, "a-name", Level.ERROR, f"{code} here", "f.py", place, fix=fix)


def span(row: int, column: int, end_row: int, end_column: int) -> Range:
    return Range(Position(row, column), Position(end_row, end_column))


def fixed(source: str | bytes, *, unsafe: bool = False) -> bytes:
    return fix_text(source, filename="f.py", unsafe=unsafe).data


def test_every_finding_of_a_file_is_fixed(use: Install) -> None:
    use(replacing("old", "new"))
    result = fix_text("old = old\nkeep = old\n", filename="f.py")
    assert result.data == b"new = new\nkeep = new\n"
    assert len(result.applied) == 3
    assert result.remaining == []
    assert result.failed == []


def test_a_clean_file_comes_back_as_it_is(use: Install) -> None:
    use(replacing("old", "new"))
    result = fix_text(b"x = 1", filename="f.py")
    assert (result.data, result.applied, result.remaining) == (b"x = 1", [], [])


def test_unsafe_fixes_need_to_be_asked_for(use: Install) -> None:
    use(replacing("old", "new", applicability=Applicability.UNSAFE))
    result = fix_text("old = 1\n", filename="f.py")
    assert result.data == b"old = 1\n"
    assert len(result.remaining) == 1
    assert result.failed == []
    assert fixed("old = 1\n", unsafe=True) == b"new = 1\n"


def test_advice_is_never_applied(use: Install) -> None:
    use(replacing("old", "new", applicability=Applicability.DISPLAY))
    assert fixed("old = 1\n", unsafe=True) == b"old = 1\n"


def test_fixes_that_touch_take_turns(use: Install) -> None:
    use(replacing("ab", "x", code="POOL101"), replacing("bc", "y", code="POOL102"))
    result = fix_text("abc = 1\n", filename="f.py")
    assert result.data == b"xc = 1\n"
    assert [one.code for one in result.applied] == ["POOL101"]


def test_one_fix_uncovers_the_next(use: Install) -> None:
    use(replacing("one", "two"), replacing("two", "three", code="POOL101"))
    assert fixed("one = 1\n") == b"three = 1\n"


def test_an_import_that_two_fixes_need_is_added_once(use: Install) -> None:
    use(replacing("old", "new", first_line="import new\n"))
    assert fixed("a = old\nb = old\n") == b"import new\na = new\nb = new\n"


def test_two_imports_at_one_place_are_both_added(use: Install) -> None:
    use(
        replacing("old", "new", first_line="import new\n"),
        replacing("ugly", "nice", code="POOL101", first_line="import nice\n"),
    )
    assert fixed("a = old, ugly\n") == b"import nice\nimport new\na = new, nice\n"


def test_two_fixes_at_one_place_each_keep_their_bracket(use: Install) -> None:
    def check(text: str) -> list[Finding]:
        if text != "f(a)\n":
            return []
        close = Edit(span(1, 5, 1, 5), ")")
        outer = Fix(Applicability.SAFE, "", (Edit(span(1, 1, 1, 1), "g("), close))
        inner = Fix(Applicability.SAFE, "", (Edit(span(1, 3, 1, 3), "h("), close))
        return [found(span(1, 1, 1, 2), fix=outer), found(span(1, 3, 1, 4), fix=inner)]

    use(check)
    assert fixed("f(a)\n") == b"g(f(a))\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_bytes_outside_the_edits_stay(use: Install, newline: str, last: str, bom: bytes) -> None:
    use(replacing("old", "new", first_line="import new\n"))
    lines = ['t = "\f\tö\x0b\u2028"', "if t:", "\ta = old  ", "\x0c", "", last]
    expected = ["import new", *lines]
    expected[3] = "\ta = new  "
    source = newline.join(lines).replace("end", "end = t")
    wanted = newline.join(expected).replace("end", "end = t")
    assert fixed(bom + source.encode()) == bom + wanted.encode()


def test_mixed_line_ends_stay_and_new_lines_follow_their_neighbours(use: Install) -> None:
    use(replacing("old", "(\nnew)"))
    assert (
        fixed(b"a = old\r\nb = old\nc = old\r\n")
        == b"a = (\r\nnew)\r\nb = (\nnew)\nc = (\r\nnew)\r\n"
    )


def test_the_encoding_of_a_file_stays(use: Install) -> None:
    use(replacing("old", "new"))
    source = "# -*- coding: latin-1 -*-\nold = 'ä'\n".encode("latin-1")
    assert fixed(source) == source.replace(b"old", b"new")


def test_a_character_that_the_encoding_lacks_is_not_written(use: Install) -> None:
    use(replacing("old", "'€'"), replacing("ugly", "nice", code="POOL101"))
    source = b"# coding: latin-1\na = old\nb = ugly\n"
    result = fix_text(source, filename="f.py")
    assert result.data == source.replace(b"ugly", b"nice")
    assert [one.code for one in result.failed] == ["POOL501"]


def test_the_line_that_names_the_encoding_keeps_its_place(use: Install) -> None:
    use(replacing("old", "new", first_line="import new\n"))
    source = "#!/usr/bin/python\n# coding: latin-1\nold = 'ä'\n".encode("latin-1")
    result = fix_text(source, filename="f.py")
    assert result.data == source
    assert len(result.failed) == 1


@pytest.mark.parametrize(
    "source",
    [b"# coding: no-such\nold = 1\n", b"old = '\xff'\n", b"# coding: utf-7\nold = '+AGE-'\n"],
)
def test_bytes_that_would_not_come_back_are_left_alone(use: Install, source: bytes) -> None:
    finding = replacing("old", "new")("old\n")
    use(lambda _: finding)
    result = fix_text(source, filename="f.py")
    assert (result.data, result.applied, result.failed) == (source, [], finding)


def test_a_fix_that_breaks_the_file_is_left_out_and_named(use: Install) -> None:
    use(replacing("old", "(", code="POOL101"), replacing("ugly", "nice"))
    result = fix_text("a = old\nb = ugly\n", filename="f.py")
    assert result.data == b"a = old\nb = nice\n"
    assert [one.code for one in result.failed] == ["POOL101"]
    assert [one.code for one in result.remaining] == ["POOL101"]


def test_a_fix_that_only_compiling_refuses_is_left_out(use: Install) -> None:
    use(replacing("old()", "await old()"))
    result = fix_text("def f():\n    old()\n", filename="f.py")
    assert result.data == b"def f():\n    old()\n"
    assert len(result.failed) == 1


def test_syntax_newer_than_the_running_python_is_fixed(use: Install) -> None:
    use(replacing("old", "new"))
    source = "async def f(x):\n    return f'{f'{x}'}', old\n\ndef g[T](t: T) -> T: ...\n"
    assert fixed(source) == source.replace("old", "new").encode()


def test_a_fix_that_brings_back_its_finding_changes_nothing(use: Install) -> None:
    use(replacing("old", "(old)", code="POOL101"), replacing("ugly", "nice"))
    result = fix_text("a = old\nb = ugly\n", filename="f.py")
    assert result.data == b"a = old\nb = nice\n"
    assert [one.code for one in result.applied] == ["POOL501"]
    assert [one.code for one in result.failed] == ["POOL101"]


def test_a_fix_after_which_the_file_is_unreadable_is_undone(use: Install) -> None:
    def unreadable(text: str) -> list[Finding]:
        return [found(span(1, 1, 1, 1), code="POOL902")] if "new" in text else []

    use(replacing("old", "new"), unreadable)
    result = fix_text("old = 1\n", filename="f.py")
    assert (result.data, result.applied) == (b"old = 1\n", [])
    assert [one.code for one in result.failed] == ["POOL501"]


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(span(9, 1, 9, 1), "x")],
        [Edit(span(1, 99, 1, 99), "x")],
        [Edit(span(0, 1, 1, 1), "x")],
        [Edit(span(1, 3, 1, 1), "x")],
        [Edit(span(1, 1, 1, 3), "x"), Edit(span(1, 2, 1, 4), "y")],
    ],
)
def test_edits_outside_the_text_are_named(use: Install, edits: list[Edit]) -> None:
    finding = found(span(1, 1, 1, 2), fix=Fix(Applicability.SAFE, "", tuple(edits)))
    use(lambda _: [finding])
    result = fix_text("abc = 1\n", filename="f.py")
    assert (result.data, result.failed) == (b"abc = 1\n", [finding])


def test_the_last_line_can_go_even_without_a_newline(use: Install) -> None:
    def check(text: str) -> list[Finding]:
        fix = Fix(Applicability.SAFE, "", (Edit(span(2, 1, 3, 1), ""),))
        return [found(span(2, 1, 2, 4), fix=fix)] if "old" in text else []

    use(check)
    assert fixed("a = 1\nold") == b"a = 1\n"
    assert fixed("a = 1\nold\n") == b"a = 1\n"


@given(st.text(alphabet="ab\r\n\x0c\x0b\x85\u2028\t", max_size=30))
def test_rows_are_those_of_python(text: str) -> None:
    rows = TextMap(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    offsets = [rows.offset(Position(row, 1)) for row in range(1, len(lines) + 1)]
    for row, line in enumerate(lines, 1):
        start = offsets[row - 1]
        assert text[start : rows.offset(Position(row, len(line) + 1))] == line
        with pytest.raises(InvalidEditError):
            rows.offset(Position(row, len(line) + 2))


@given(
    st.text(alphabet="abc\n", min_size=8, max_size=30),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3), st.sampled_from(["", "X", "Y\n"]))),
)
def test_only_fixes_that_do_not_touch_go_together(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    plan = Plan()
    taken: list[Replacement] = []
    for start, length, content in edits:
        one = Replacement(start, min(start + length, len(text)), content)
        touched = [other for other in taken if one.start <= other.end and other.start <= one.end]
        assert plan.add((one,)) is (touched in ([], [one]))
        if not touched:
            taken.append(one)
    expected = text
    for start, end, content in sorted(taken, reverse=True):
        expected = expected[:start] + content + expected[end:]
    assert plan.apply(text) == expected


def test_a_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "f.py"
    path.write_bytes(b"old\r\n")
    write_atomically(path, b"old\r\n", b"new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert os.listdir(tmp_path) == ["f.py"]


def test_a_file_that_changed_is_left_alone_and_named(tmp_path: Path) -> None:
    path = tmp_path / "f.py"
    path.write_bytes(b"somebody else's")
    with pytest.raises(FileChangedError, match=r"changed since it was read.*f\.py"):
        write_atomically(str(path), b"old", b"new")
    assert path.read_bytes() == b"somebody else's"


def test_a_file_that_changes_while_it_is_written_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f.py"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda _: path.write_bytes(b"somebody else's"))
    with pytest.raises(FileChangedError):
        write_atomically(path, b"old", b"new")
    assert path.read_bytes() == b"somebody else's"
    assert os.listdir(tmp_path) == ["f.py"]


def test_an_interrupted_write_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "f.py"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"old", b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["f.py"]


def test_a_file_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "f.py", b"old", b"new")
    assert os.listdir(tmp_path) == []


def test_nothing_is_written_when_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "f.py"
    path.write_bytes(b"same")
    before = path.stat()
    write_atomically(path, b"same", b"same")
    assert path.stat().st_ino == before.st_ino
    assert path.stat().st_mtime_ns == before.st_mtime_ns


@posix
@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600])
def test_a_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "f.py"
    path.write_bytes(b"old")
    path.chmod(mode)
    write_atomically(path, b"old", b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "f.py"
    target.write_bytes(b"old")
    link = tmp_path / "link.py"
    link.symlink_to(target)
    write_atomically(link, b"old", b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@posix
def test_a_read_only_file_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.py"
    path.write_bytes(b"old")
    # Root may write everything, so the answer of the system is given here.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError):
        write_atomically(path, b"old", b"new")
    assert path.read_bytes() == b"old"
