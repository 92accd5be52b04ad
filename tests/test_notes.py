"""The notes of a finding say where a connection is taken and when it is given back."""

from __future__ import annotations

import pytest

from pool_lint.findings import Applicability, Fix, Level
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
            async with session.begin():
                await session.get(Order, 1)
                await bank.post("/charges")
                await bank.post("/receipts")
                await bank.post("/letters")
            """,
            [
                ("session.get(Order, 1)", TAKEN),
                ('bank.post("/receipts")', "`bank.post()` also waits"),
                ('bank.post("/letters")', "`bank.post()` also waits"),
                ("session.begin()", AT_BLOCK),
            ],
            id="three calls",
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


def levels(body: str) -> list[Level]:
    head = (
        "from sqlalchemy.ext.asyncio import AsyncSession\n"
        "async def _save(session: AsyncSession):\n    await session.commit()\n"
        "async def _save_and_load(session: AsyncSession, order):\n"
        "    await session.commit()\n    await session.refresh(order)\n"
        "async def rename(engine, number):\n    async with AsyncSession(engine) as session:\n"
    )
    text = head + "".join(f"        {line}\n" for line in body.splitlines())
    return [one.level for one in lint(text) if one.code == "POOL301"]


@pytest.mark.parametrize(
    ("body", "level"),
    [
        (
            "order = await session.get(Order, number)\nawait session.commit()\nreturn order.id",
            "error",
        ),
        (
            "order = await session.get(Order, number)\nawait _save(session)\nreturn order.id",
            "error",
        ),
        (
            (
                "async with session.begin():\n    order = await session.get(Order, number)\n"
                "return order.id"
            ),
            "error",
        ),
        (
            (
                "order = await session.get(Order, number)\nif number:\n    await session.commit()\n"
                "return order.id"
            ),
            "warning",
        ),
        (
            (
                "order = await session.get(Order, number)\nawait _save_and_load(session, order)\n"
                "return order.id"
            ),
            "warning",
        ),
        ("order = await session.get(Order, number)\nreturn order.id", "warning"),
    ],
)
def test_a_read_after_the_commit_is_an_error(body: str, level: str) -> None:
    assert levels(body) == [Level(level)]


def advice(body: str) -> Fix | None:
    text = HEAD + body
    (found,) = (one for one in lint(text) if one.code == "POOL401")
    return found.fix


def applied(body: str) -> str:
    """A body as it would be with the advice taken."""
    fix = advice(body)
    assert fix is not None and fix.applicability is Applicability.DISPLAY
    (edit,) = fix.edits
    lines = (HEAD + body).splitlines(keepends=True)
    begin, end = edit.range.start, edit.range.end
    assert (begin.column, end.column) == (1, 1)
    lines[begin.row - 1 : end.row - 1] = [edit.content]
    return "".join(lines)[len(HEAD) :]


def test_a_commit_before_the_call_is_shown() -> None:
    assert applied(
        "    order = await session.get(Order, 1)\n"
        '    answer = await bank.post("/charges")\n'
        "    order.receipt = answer.text\n"
        "    await session.commit()\n"
    ) == (
        "    order = await session.get(Order, 1)\n"
        "    await session.commit()\n"
        '    answer = await bank.post("/charges")\n'
        "    order.receipt = answer.text\n"
        "    await session.commit()\n"
    )


def test_the_commit_is_the_sessions_own() -> None:
    body = (
        "    order = await orders.get(session, 1)\n"
        '    answer = await bank.post("/charges")\n'
        "    order.receipt = answer.text\n"
    )
    assert "\n    await session.commit()\n" in applied(body)


def test_a_block_of_its_own_for_the_reads_is_shown() -> None:
    assert applied(
        "    async with session.begin():\n"
        "        order = await session.get(Order, 1)\n"
        '        answer = await bank.post("/charges")\n'
        "        order.receipt = answer.text\n"
    ) == (
        "    async with session.begin():\n"
        "        order = await session.get(Order, 1)\n"
        '    answer = await bank.post("/charges")\n'
        "    async with session.begin():\n"
        "        order.receipt = answer.text\n"
    )


def test_nothing_is_shown_for_a_connection() -> None:
    assert (
        advice(
            "    async with engine.begin() as connection:\n"
            '        answer = await bank.post("/charges")\n'
            "        await connection.execute(answer.text)\n"
        )
        is None
    )
