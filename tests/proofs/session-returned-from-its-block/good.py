import gc

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
# Under load the collector comes too late; here it must not come by chance.
gc.disable()


def take_session():
    return new_session()


async def count_items():
    async with take_session() as session:
        return await session.scalar(text("select count(*) from items"))


async def proof():
    for _ in range(3):
        await count_items()
