from functools import lru_cache

import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


@lru_cache
def get_engine():
    return create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)


async def answer():
    engine = get_engine()
    async with engine.connect() as connection:
        return await connection.scalar(text("select 1"))


async def proof():
    for _ in range(2):
        await answer()
