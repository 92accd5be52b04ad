import asyncio

import probe
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

# A ping before use would find the dead connection; what dies during use it cannot find.
engine = create_async_engine(f"postgresql+asyncpg://{probe.PLACE}", pool_recycle=1800)


async def names():
    async with engine.connect() as connection:
        return (await connection.scalars(text("select name from items"))).all()


async def proof():
    await names()
    await probe.end_all_connections()
    for attempt in range(3):
        try:
            print(await names(), "at attempt", attempt)
            return
        except (DBAPIError, ConnectionError):
            await asyncio.sleep(0.05)
