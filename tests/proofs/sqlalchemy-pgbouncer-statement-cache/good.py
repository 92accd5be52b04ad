import asyncio

import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


async def proof():
    async with probe.Pooler() as pooler:
        engine = create_async_engine(
            f"postgresql+asyncpg://{pooler.place}",
            pool_recycle=1800,
            pool_pre_ping=True,
            connect_args={"statement_cache_size": 0},
        )

        async def work(number):
            async with engine.connect() as connection:
                first = await connection.scalar(text("select cast(:n as int)"), {"n": number})
                await connection.commit()
                second = await connection.scalar(text("select cast(:n as text)"), {"n": "1"})
                await connection.commit()
                return first, second

        try:
            # A busy machine may give each connection its transactions in turn, once.
            for _ in range(3):
                for task in [asyncio.create_task(work(number)) for number in range(120)]:
                    await task
        finally:
            await engine.dispose()
