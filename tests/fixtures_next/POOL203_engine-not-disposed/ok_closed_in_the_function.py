import asyncpg
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine


def create_schema(url: str, name: str) -> None:
    engine = create_engine(url, pool_recycle=1800, pool_pre_ping=True)
    try:
        with engine.begin() as connection:
            connection.execute(text(f"create schema {name}"))
    finally:
        engine.dispose()


def if_it_is_there(url: str, name: str) -> None:
    engine = None
    try:
        engine = create_engine(url, pool_recycle=1800, pool_pre_ping=True)
        with engine.begin() as connection:
            connection.execute(text(f"create schema {name}"))
    finally:
        if engine is not None:
            engine.dispose()


async def fetch(dsn: str) -> list[str]:
    async with asyncpg.create_pool(dsn) as pool:
        return [row["name"] for row in await pool.fetch("select name from orders")]


async def through_a_helper(url: str) -> int:
    engine = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)
    try:
        async with engine.connect() as connection:
            return await connection.scalar(text("select count(*) from orders"))
    finally:
        await shut(engine)


async def shut(engine) -> None:
    await engine.dispose()
