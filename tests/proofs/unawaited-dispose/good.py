import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)


async def proof():
    async with engine.connect() as connection:
        await connection.execute(text("select 1"))
    await engine.dispose()
    if left := await probe.connections_left():
        raise probe.Unhealthy(f"connections still open: {left}")
