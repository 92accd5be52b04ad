import probe
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
seen = []


@event.listens_for(engine.sync_engine, "connect")
def on_connect(dbapi_connection, record):
    seen.append(record)


async def proof():
    async with engine.connect() as connection:
        await connection.execute(text("select 1"))
    if len(seen) != 1:
        raise probe.Unhealthy(f"the listener ran {len(seen)} times")
