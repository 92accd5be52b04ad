import asyncio

import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    probe.URL, pool_size=5, max_overflow=0, pool_recycle=1800, pool_pre_ping=True
)


async def request():
    async with engine.connect() as connection:
        await connection.execute(text("select pg_sleep(0.05)"))


async def proof():
    await asyncio.gather(*(request() for _ in range(40)))
