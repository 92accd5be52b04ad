import asyncio

import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def work():
    async with new_session.begin() as session:
        await session.execute(text("update items set name = 'sent'"))
    await asyncio.sleep(0.6)


async def proof():
    await work()
    async with probe.Standstill() as loop:
        await work()
    if loop.longest > 0.5:
        raise probe.Unhealthy(f"event loop blocked {loop.longest * 1000:.0f} ms")
