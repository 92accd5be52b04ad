import asyncio
import gc

import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

gc.disable()
engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def audit():
    await asyncio.sleep(0.05)
    async with new_session() as session:
        await session.execute(text("select 1"))


async def proof():
    async with new_session() as session:
        await session.execute(text("select 1"))
        task = asyncio.create_task(audit())
    await task
    left = engine.pool.checkedout()
    if left:
        raise probe.Unhealthy(f"connections that nobody gave back: {left}")
