import asyncio

import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(
    probe.URL,
    pool_size=2,
    max_overflow=0,
    pool_timeout=1,
    pool_pre_ping=True,
    pool_recycle=1800,
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def count_with(session):
    return await session.scalar(text("select count(*) from items"))


async def rename_all(name):
    async with new_session() as session:
        await session.execute(text("select name from items"))
        return await count_with(session)


async def proof():
    await asyncio.gather(*(rename_all(str(number)) for number in range(4)))
