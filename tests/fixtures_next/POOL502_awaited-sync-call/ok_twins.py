"""One name for a sync and an async object, and a name that changes hands."""

from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine


async def check_async(url: str) -> int:
    engine = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)
    try:
        async with engine.connect() as connection:
            return await connection.scalar(text("select 1"))
    finally:
        await engine.dispose()


def check(url: str) -> int:
    engine = create_engine(url, pool_recycle=1800, pool_pre_ping=True)
    try:
        with engine.connect() as connection:
            return connection.scalar(text("select 1"))
    finally:
        engine.dispose()


async def stop(engine: AsyncEngine, extra: object) -> None:
    await engine.dispose()
    engine = extra
    await engine.dispose()


async def first(session: AsyncSession) -> str:
    result = session.scalars(text("select name from users"))
    return (await result).first()
