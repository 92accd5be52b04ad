"""Every fixture says in comments what is to be found in it, and this finds exactly that.

A comment ``# POOL101 POOL102`` at the end of a line is the list of findings that begin on it; a
line without one is silent, and so is every file whose name begins with ``ok_``.  Files that end in
``.fixed.py`` or ``.unsafe-fixed.py`` hold the text of their neighbour after ``--fix`` without and
with ``--unsafe-fixes``; they are fixtures as well, for what is left to be found.

The folders are called by the rule, or ``document_`` and the topic: these hold the code of documents
that people copy from, block by block, and each block alone, with names that nothing defines.

Three comments on lines of their own change how a file is read: ``# file name: conftest.py`` lints
it under that name, ``# variants: plain crlf`` names the only variants that make sense for it, and
``# setting: idle-timeout = 600`` gives it a setting.
"""

from __future__ import annotations

import ast
import functools
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import libcst
import pytest
from project_tools import load_tool

from pool_lint.findings import Applicability
from pool_lint.fixing import fix_text
from pool_lint.fixing.fixer import apply_once
from pool_lint.pipeline import lint
from pool_lint.settings import Settings
from pool_lint.syntax.source import Source, UnreadableSource

if TYPE_CHECKING:
    from pool_lint.findings import Finding

check_fixes = load_tool("check_fixes")

FIXTURES = Path(__file__).parent / "fixtures"
FILES = sorted(FIXTURES.glob("*/*.py"))
BOM = b"\xef\xbb\xbf"
VARIANTS = ("plain", "crlf", "bom", "class", "flake8")

_EXPECTED = re.compile(r"[ \t]*# (POOL\d{3}(?: POOL\d{3})*)[ \t]*$", re.MULTILINE)
_FILE_NAME = re.compile(r"^# file name: (\S+)$", re.MULTILINE)
_SETTING = re.compile(r"^# setting: ([a-z-]+) = ([\d.]+|true)$", re.MULTILINE)
_VARIANTS = re.compile(r"^# variants: (.+)$", re.MULTILINE)

Places = list[tuple[int, str]]


def _read(path: Path) -> str:
    # Every byte becomes one character, so that files in any encoding, or in none, have lines.
    return path.read_bytes().decode("latin-1")


def _expected(text: str) -> Places:
    return sorted(
        (row, code)
        for row, line in enumerate(text.split("\n"), start=1)
        for found in _EXPECTED.finditer(line)
        for code in found[1].split()
    )


def _without_expectations(text: str) -> str:
    return _EXPECTED.sub("", text)


def _name(path: Path, text: str) -> str:
    found = _FILE_NAME.search(text)
    return str(path.with_name(found[1]) if found else path)


def _settings(path: Path) -> Settings:
    # A rule that is off by default runs on its own fixtures and nowhere else, as with users.
    given: dict[str, Any] = {
        name.replace("-", "_"): value == "true" or (int(value) if value.isdigit() else value)
        for name, value in _SETTING.findall(_read(path))
    }
    code = path.parent.name.partition("_")[0]
    if code != "document":
        given["extend_select"] = (code,)
    return Settings(**given)


@functools.cache
def _findings(path: Path, data: bytes) -> tuple[Finding, ...]:
    """What is found in a fixture, or in what has become of it; looked for once."""
    return tuple(lint(data, filename=_name(path, _read(path)), settings=_settings(path)))


def _places(findings: list[Finding], shift: int = 0) -> Places:
    return sorted((one.range.start.row - shift, one.code) for one in findings)


def _show(places: Places) -> str:
    return "\n".join(f"line {row}: {code}" for row, code in places) or "nothing"


def _lines_inside_strings(text: str) -> set[int]:
    """Rows on which a string goes on that began on a line above; indenting would change it."""
    rows: set[int] = set()
    starts: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            kind = tokenize.tok_name[token.type]
            if kind == "STRING":
                rows.update(range(token.start[0] + 1, token.end[0] + 1))
            elif kind in ("FSTRING_START", "TSTRING_START"):
                starts.append(token.start[0])
            elif kind in ("FSTRING_END", "TSTRING_END"):
                rows.update(range(starts.pop() + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        pass  # An unreadable fixture has no long strings that matter.
    return rows


def _in_a_class(text: str) -> str:
    inside = _lines_inside_strings(text)
    lines = [
        line if not line.strip() or row in inside else f"    {line}"
        for row, line in enumerate(text.split("\n"), start=1)
    ]
    return "class Wrapper:\n" + "\n".join(lines)


def _through_flake8(path: Path, folder: Path) -> Places:
    """Run the plugin on the lines and the tree that flake8 would hand to it.

    In a project of its own: what other fixtures say must not tell anything about this one.
    """
    from pool_lint.runner.configuration import Configuration, Configurations
    from pool_lint.surfaces.flake8 import Plugin

    class Configured(Plugin):
        _configurations = Configurations(fixed=Configuration(_settings(path)))

    text = path.read_bytes().decode(_encoding(path))
    try:
        tree = ast.parse(text)
    except SyntaxError:
        pytest.skip("flake8 runs no plugin on a file that this Python cannot parse")
    (folder / "pyproject.toml").touch()
    copy = folder / Path(_name(path, text)).name
    copy.write_bytes(path.read_bytes())
    plugin = Configured(tree=tree, filename=str(copy), lines=list(io.StringIO(text)))
    return sorted((row, message.split()[0]) for row, _, message, _ in plugin.run())


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        try:
            return tokenize.detect_encoding(file.readline)[0]
        except SyntaxError:
            return "latin-1"


def _cases() -> Iterator[Any]:
    for path in FILES:
        chosen = _VARIANTS.search(_read(path))
        for variant in chosen[1].split() if chosen else VARIANTS:
            yield pytest.param(path, variant, id=f"{path.parent.name}/{path.stem}-{variant}")


@pytest.mark.parametrize(("path", "variant"), list(_cases()))
def test_finds_what_the_comments_say(path: Path, variant: str, tmp_path: Path) -> None:
    text = _read(path)
    if variant == "flake8":
        found = _through_flake8(path, tmp_path)
    else:
        data, shift = text.encode("latin-1"), 0
        if variant == "crlf":
            data = data.replace(b"\n", b"\r\n")
        elif variant == "bom":
            data = BOM + data
        elif variant == "class":
            data, shift = _in_a_class(text).encode("latin-1"), 1
        found = _places(list(_findings(path, data)), shift)
    assert _show(found) == _show(_expected(text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_fixture_is_well_formed(path: Path) -> None:
    text = _read(path)
    expected = _expected(text)
    if path.name.startswith("ok_"):
        assert not expected, "a file named ok_ expects nothing"
    elif not path.name.endswith("fixed.py"):
        assert expected, "nothing is expected: call it ok_"
    if not path.parent.name.startswith("POOL902"):
        libcst.parse_module(path.read_bytes())


def _fixed(path: Path, data: bytes, *, unsafe: bool) -> bytes:
    name = _name(path, data.decode("latin-1"))
    return fix_text(data, filename=name, settings=_settings(path), unsafe=unsafe).data


def _fix_cases() -> Iterator[Any]:
    for path in FILES:
        for ending, unsafe in ((".fixed.py", False), (".unsafe-fixed.py", True)):
            if path.name.endswith(ending):
                before = path.with_name(path.name.removesuffix(ending) + ".py")
                for variant in ("plain", "crlf", "bom"):
                    name = f"{path.parent.name}/{path.stem}-{variant}"
                    yield pytest.param(before, path, unsafe, variant, id=name)


@pytest.mark.parametrize(("before", "after", "unsafe", "variant"), list(_fix_cases()))
def test_fixes_to_the_text_beside_it(before: Path, after: Path, unsafe: bool, variant: str) -> None:
    old, new = (_without_expectations(_read(one)).encode("latin-1") for one in (before, after))
    if variant == "crlf":
        old, new = old.replace(b"\n", b"\r\n"), new.replace(b"\n", b"\r\n")
    elif variant == "bom":
        old, new = BOM + old, BOM + new
    result = _fixed(before, old, unsafe=unsafe)
    assert result.decode("latin-1") == new.decode("latin-1")


every_file = pytest.mark.parametrize(
    "path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}"
)


@every_file
def test_every_fix_keeps_its_promises(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone and together, safe and unsafe: the script that tries them on real code says what."""
    name, settings, data = _name(path, _read(path)), _settings(path), path.read_bytes()
    monkeypatch.setattr("pool_lint.pipeline.lint", lambda data, **_: list(_findings(path, data)))
    for unsafe in (False, True):
        outcome = check_fixes.check_file(
            data,
            filename=name,
            settings=settings,
            unsafe=unsafe,
            find=lambda data: list(_findings(path, data)),
        )
        assert not outcome.failures


@every_file
def test_fixes_do_the_same_whatever_the_bytes_around_them(path: Path) -> None:
    """Newlines, a mark and a missing last newline change nothing in what the fixes write."""
    try:
        source = Source.read(path.read_bytes())
    except UnreadableSource:
        return
    text = source.text.replace("\r\n", "\n").rstrip("\n")
    if "\r" in text or not any(one.fix for one in _findings(path, path.read_bytes())):
        return
    utf8 = source.encoding == "utf-8"
    plain = Source(text, encoding=source.encoding)
    variants = [
        ("\r\n", Source(text + "\n", encoding=source.encoding, bom=BOM if utf8 else b"")),
        ("\r", plain),
    ]
    expected = _mended(path, plain.encode(text), plain)
    for newline, variant in variants:
        data = variant.encode(variant.text.replace("\n", newline))
        wanted = expected + "\n" if variant.text != text else expected
        assert _mended(path, data, variant) == wanted.replace("\n", newline)


def _mended(path: Path, data: bytes, source: Source) -> str:
    findings = [one for one in _findings(path, data) if one.fix]
    applicable = [one for one in findings if one.fix.applicability != Applicability.DISPLAY]
    new, _, failed = apply_once(data, applicable)
    assert not failed
    assert new.startswith(source.bom)
    return new.removeprefix(source.bom).decode(source.encoding)
