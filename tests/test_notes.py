"""The notes of a finding say where a connection is taken and when it is given back."""

from __future__ import annotations

import pytest

from pool_lint.pipeline import lint

HEAD = """\
import httpx
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession


async def get_session():
    async with AsyncSession(engine, expire_on_commit=False) as session:
        yield session


async def pay(session: AsyncSession, engine: AsyncEngine, pool, bank: httpx.AsyncClient):
"""
TAKEN = "the connection is taken here"
AT_BLOCK = "the connection is given back when this block ends"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            """
            async with session.begin():
                await session.get(Order, 1)
                await bank.post("/charges")
            """,
            [("session.get(Order, 1)", TAKEN), ("session.begin()", AT_BLOCK)],
            id="block",
        ),
        pytest.param(
            """
            begun = session.begin()
            async with begun:
                await session.get(Order, 1)
                await bank.post("/charges")
            """,
            [("session.get(Order, 1)", TAKEN), ("begun", AT_BLOCK)],
            id="block entered by name",
        ),
        pytest.param(
            """
            async with engine.connect() as connection:
                await bank.post("/charges")
            """,
            [("engine.connect()", TAKEN), ("engine.connect()", AT_BLOCK)],
            id="connection",
        ),
        pytest.param(
            """
            async with pool.acquire() as connection:
                await bank.post("/charges")
                await connection.fetchval("select 1")
            """,
            [("pool.acquire()", TAKEN), ("pool.acquire()", AT_BLOCK)],
            id="asyncpg",
        ),
        pytest.param(
            """
            await session.get(Order, 1)
            await bank.post("/charges")
            await session.commit()
            """,
            [
                ("session.get(Order, 1)", TAKEN),
                ("session.commit()", "the connection is given back here"),
            ],
            id="commit",
        ),
        pytest.param(
            """
            async for own in get_session():
                await own.get(Order, 1)
                await bank.post("/charges")
            """,
            [
                ("own.get(Order, 1)", TAKEN),
                ("async for own in get_session():", "the connection is given back when this loop ends"),
            ],
            id="loop",
        ),
    ],
)  # fmt: skip
def test_where_a_connection_is_taken_and_given_back(
    body: str, expected: list[tuple[str, str]]
) -> None:
    text = HEAD + body.replace("\n            ", "\n    ").rstrip() + "\n"
    lines = text.splitlines()
    found = next(one for one in lint(text) if one.code == "POOL401")
    told = [
        (lines[note.range.start.row - 1][note.range.start.column - 1 :], note.message)
        for note in found.notes
    ]
    assert len(told) == len(expected)
    for (line, message), (start, words) in zip(told, expected, strict=True):
        assert line.startswith(start)
        assert message == words
