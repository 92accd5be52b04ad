import asyncio

import probe
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    probe.URL,
    pool_size=1,
    max_overflow=0,
    pool_timeout=None,
    pool_recycle=1800,
    pool_pre_ping=True,
)


async def proof():
    async with engine.connect():
        try:
            await asyncio.wait_for(engine.connect(), 2)
        except PoolTimeout:
            return
        except asyncio.TimeoutError:
            raise probe.Unhealthy("still waiting for a connection") from None
