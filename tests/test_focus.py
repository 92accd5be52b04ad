"""What is left unparsed could not have mattered.

The gate, the screen and the closure choose what is parsed.  Here every file is linted with them
and with all of its text, and the findings must be the same to the last note and edit.
"""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pool_lint.findings import Finding
from pool_lint.model.project import Project
from pool_lint.pipeline import lint
from pool_lint.runner.configuration import nearest
from pool_lint.settings import Settings
from pool_lint.syntax.focus import focus
from pool_lint.syntax.parse import parse_whole
from pool_lint.syntax.source import Source, UnreadableSource
from pool_lint.syntax.tree import Tree

ROOT = Path(__file__).parents[1]
EVERYTHING = Settings(extend_select=("ALL",))
# The screen does not see that the function which commits and then reads matters to POOL301.
KNOWN: set[str] = set()
_FILE_NAME = re.compile(rb"^# file name: (\S+)$", re.MULTILINE)


def _text(path: Path) -> str | None:
    """The text of a file that can be cut into statements; any other is never cut."""
    try:
        text = Source.read(path.read_bytes()).text
        ast.parse(text)
    except (UnreadableSource, SyntaxError, RecursionError, MemoryError):
        return None
    return text


TEXTS = {
    path.relative_to(ROOT).as_posix(): text
    for folder in ("examples", "tests/fixtures", "tests/proofs")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if (text := _text(path)) is not None
}


def _cases(*groups: tuple[str, ...]) -> list[Any]:
    """The cases; a mistake of the screen that is known waits for its end."""
    known = pytest.mark.xfail(strict=True, reason="the screen leaves out what matters")
    return [pytest.param(*group, marks=[known] if KNOWN & {*group} else []) for group in groups]


def _name(name: str) -> str:
    """The name under which a fixture wants to be read."""
    found = _FILE_NAME.search(TEXTS[name].encode())
    return str(Path(name).with_name(found[1].decode()) if found else name)


def _whole(
    text: str,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings = EVERYTHING,
    project: Project | None = None,
) -> list[Finding]:
    """Lint with every statement parsed, whatever the gate and the screen say."""

    def parse(source: Source, *_: object, **__: object) -> Tree:
        return parse_whole(source)

    with monkeypatch.context() as patched:
        patched.setattr("pool_lint.pipeline.may_concern", lambda *_: True)
        patched.setattr("pool_lint.syntax.parse.parse", parse)
        return lint(text, filename=name, settings=settings, project=project)


@pytest.mark.parametrize("name", _cases(*((name,) for name in TEXTS)))
def test_what_is_left_out_changes_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = TEXTS[name]
    focused = lint(text, filename=_name(name), settings=EVERYTHING)
    assert focused == _whole(text, _name(name), monkeypatch)


@pytest.mark.parametrize(("first", "second"), _cases(*pairwise(TEXTS)))
def test_what_is_left_out_of_a_longer_file_changes_nothing(
    first: str, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files in one: what each says about the file as a whole meets the other's statements."""
    future = re.compile(r"^from __future__ .*$", re.MULTILINE)
    text = TEXTS[first] + "\n\n" + future.sub("", TEXTS[second])
    assert lint(text, filename="both.py", settings=EVERYTHING) == _whole(
        text, "both.py", monkeypatch
    )


def test_the_rows_of_what_is_left_are_those_of_the_file() -> None:
    cut = 0
    for name, text in TEXTS.items():
        left = focus(Source.read(text))
        if left is None:
            continue
        lines = text.splitlines()
        for row, line in zip(left.rows, left.text.splitlines(), strict=True):
            assert line == lines[row - 1] or line.strip() == "pass", name
        cut += len(left.rows) < len(lines)
    assert cut > len(TEXTS) / 4, "most of this test looked at files that are not cut"


TAUGHT = [
    path.relative_to(ROOT).as_posix()
    for path in sorted((ROOT / "tests/fixtures_projects").glob("taught_*/**/*.py"))
]


@pytest.mark.parametrize("name", TAUGHT)
def test_what_is_left_out_changes_nothing_where_the_user_has_named_functions(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ROOT / name
    text = path.read_text()
    settings = nearest(str(path.parent)).settings
    assert settings.makers or settings.external_calls
    focused = lint(text, filename=str(path), settings=settings, project=Project())
    assert focused == _whole(text, str(path), monkeypatch, settings, Project())


def test_the_gate_knows_what_the_user_has_named() -> None:
    text = "import acme_db\n\n\ndef load(): return acme_db.make_engine()\nrouter.add_api_route('/', load)\n"
    taught = Settings(engine_factories=("acme_db.make_engine",))
    assert not lint(text)
    assert [finding.code for finding in lint(text, settings=taught)] == ["POOL201"]


def test_a_call_that_the_user_has_named_is_not_left_out() -> None:
    text = (
        "from sqlalchemy.ext.asyncio import AsyncSession\n"
        "from shop.audit import record\n\n\n"
        "async def pay(session: AsyncSession, order: object) -> None:\n"
        "    await session.refresh(order)\n"
        "    record(order)\n"
    )
    taught = Settings(external_calls=("shop.audit.record",))
    assert not lint(text)
    assert [finding.range.start.row for finding in lint(text, settings=taught)] == [7]
