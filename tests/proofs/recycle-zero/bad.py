import probe
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=0)

opened = []
event.listen(engine.sync_engine, "connect", lambda *connection: opened.append(connection))


async def proof():
    for _ in range(20):
        async with engine.connect() as connection:
            await connection.scalar(text("select 1"))
    if len(opened) > 1:
        raise probe.Unhealthy(f"{len(opened)} connections opened for 20 requests")
