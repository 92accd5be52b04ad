import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

place, _, options = probe.PLACE.partition("?")


async def proof():
    engine = create_async_engine(f"postgresql+asyncpg://{place}?sslmode=disable&{options}")
    try:
        async with engine.connect() as connection:
            await connection.execute(text("select 1"))
    finally:
        await engine.dispose()
