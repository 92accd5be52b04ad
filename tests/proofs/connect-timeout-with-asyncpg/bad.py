import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


async def proof():
    engine = create_async_engine(
        f"postgresql+asyncpg://{probe.PLACE}", connect_args={"connect_timeout": 5}
    )
    try:
        async with engine.connect() as connection:
            await connection.execute(text("select 1"))
    finally:
        await engine.dispose()
