"""The dispose stands where an error, a return or a branch goes past it."""

import asyncpg
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine


def create_schema(url: str, name: str) -> None:
    engine = create_engine(url, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    with engine.begin() as connection:
        connection.execute(text(f"create schema {name}"))
    engine.dispose()


async def publish(url: str) -> bool:
    engine = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    async with engine.connect() as connection:
        if not await connection.scalar(text("select count(*) from outbox")):
            return False
    await engine.dispose()
    return True


async def fetch(dsn: str) -> list[str]:
    pool = await asyncpg.create_pool(dsn)  # POOL203
    rows = await pool.fetch("select name from orders")
    await pool.close()
    return [row["name"] for row in rows]


def in_the_handler_only(url: str) -> None:
    engine = create_engine(url, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    try:
        with engine.begin() as connection:
            connection.execute(text("delete from orders"))
    except ValueError:
        engine.dispose()
        raise
