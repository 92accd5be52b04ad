import asyncio

import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def proof():
    async with new_session() as session:
        await asyncio.gather(
            session.execute(text("select 1")),
            session.execute(text("select 2")),
        )
