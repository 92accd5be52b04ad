import asyncio

import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    probe.URL,
    pool_recycle=3600,
    connect_args={"server_settings": {"idle_session_timeout": "1500"}},
)


async def answer():
    async with engine.connect() as connection:
        return await connection.scalar(text("select 1"))


async def proof():
    await answer()
    await asyncio.sleep(2)
    await answer()
