from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


async def proof():
    engine = create_async_engine("sqlite://")
    try:
        async with engine.connect() as connection:
            await connection.execute(text("select 1"))
    finally:
        await engine.dispose()
