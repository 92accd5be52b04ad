import asyncio

import asyncpg
import pytest
import typer
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

cli = typer.Typer()


@pytest.fixture
def engine(url):
    engine = create_engine(url)
    yield engine
    engine.dispose()


async def test_connect(url):
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        assert await connection.scalar(text("select 1")) == 1


@cli.command()
def size(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        print(connection.scalar(text("select 1")))


async def main() -> None:
    pool = await asyncpg.create_pool("postgresql://localhost/shop")
    print(await pool.fetchval("select 1"))


if __name__ == "__main__":
    asyncio.run(main())
