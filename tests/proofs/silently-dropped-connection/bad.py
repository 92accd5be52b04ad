import asyncio

import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

firewall = probe.Firewall()
engine = create_async_engine(firewall.url, pool_pre_ping=True)


async def answer():
    async with engine.connect() as connection:
        return await connection.scalar(text("select 1"))


async def proof():
    async with firewall:
        await answer()
        firewall.forget_connections()
        await asyncio.sleep(1.5)
        request = asyncio.create_task(answer())
        done, waiting = await asyncio.wait([request], timeout=2.5)
        if waiting:
            raise probe.Unhealthy("the ping itself hung")
