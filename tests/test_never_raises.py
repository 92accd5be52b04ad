"""No source makes ``lint`` raise: not half of one, and not code of a kind that it never meets."""

from __future__ import annotations

import ast
import asyncio.base_events
import dataclasses
import os
import random
import tokenize
import typing
from pathlib import Path

import pytest

from pool_lint.pipeline import lint
from pool_lint.settings import Settings
from pool_lint.syntax.parse import parse_whole
from pool_lint.syntax.source import Source
from pool_lint.syntax.tree import Tree

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*/*.py"))
MODULES = (ast, asyncio.base_events, dataclasses, tokenize, typing)
EVERYTHING = Settings(extend_select=("ALL",))
# So many of the rows at which a file may be cut; with all of them this takes minutes.
_ROWS = int(os.environ.get("NEVER_RAISES_ROWS", "5"))
LAST = """
async def last(session):
    async with session.begin():
        return {key: value for key, value in rows}
"""


def _pieces(data: bytes, chance: random.Random) -> list[bytes]:
    """What somebody may have in the editor on the way to a file, or after a bad merge."""
    lines = data.splitlines(keepends=True)
    middle = chance.randrange(len(lines) + 1)
    begin, end = sorted(chance.choices(range(len(lines) + 1), k=2))
    rows = chance.sample(range(len(lines)), min(_ROWS, len(lines)))
    return [
        *(b"".join(lines[:row]) for row in rows),
        data[: chance.randrange(len(data) + 1)],
        b"".join(lines[:begin] + lines[end:]),
        b"".join(lines[middle:] + lines[:middle]),
        b"".join(chance.sample(lines, len(lines))),
        data.replace(b"async ", b""),
        data.replace(b"await ", b""),
        data.replace(b"(", b"[").replace(b")", b"]"),
    ]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_part_of_a_file_is_no_trouble(path: Path) -> None:
    data = path.read_bytes()
    for piece in _pieces(data, random.Random(path.name)):
        lint(piece, filename=str(path), settings=EVERYTHING)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
@pytest.mark.parametrize("tail", ["", LAST], ids=["as it is", "with our own"])
def test_code_far_from_databases_is_no_trouble(
    module: typing.Any, tail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is parsed, so that the model meets all of the language."""

    def parse(source: Source, *_: object, **__: object) -> Tree:
        return parse_whole(source)

    monkeypatch.setattr("pool_lint.pipeline.may_concern", lambda *_: True)
    monkeypatch.setattr("pool_lint.syntax.parse.parse", parse)
    text = Path(module.__file__).read_text(encoding="utf-8") + tail
    assert lint(text, filename=module.__file__, settings=EVERYTHING) == []
