import asyncio

import probe
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine(
    f"postgresql+asyncpg://{probe.PLACE}",
    poolclass=NullPool,
)


async def count_items():
    async with AsyncSession(engine, expire_on_commit=False) as session:
        return await session.scalar(text("select count(*) from items"))


def work_off_tasks():
    # What a worker does, one task after the other.
    for _ in range(3):
        asyncio.run(count_items())


async def proof():
    await asyncio.to_thread(work_off_tasks)
