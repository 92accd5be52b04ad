import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def proof():
    async with new_session() as session:
        numbers = await session.stream(
            text("select generate_series(1, 2000)").execution_options(yield_per=10)
        )
        async for _ in numbers:
            pass
        await session.commit()
