import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(probe.URL, pool_recycle=1800)


async def answer():
    async with engine.connect() as connection:
        return await connection.scalar(text("select 1"))


async def proof():
    await answer()
    await probe.end_all_connections()
    await answer()
