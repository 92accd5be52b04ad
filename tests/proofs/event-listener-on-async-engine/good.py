import probe
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)


async def proof():
    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(dbapi_connection, record):
        record.info["opened_for"] = "shop"

    async with engine.connect() as connection:
        await connection.execute(text("select 1"))
        if (await connection.get_raw_connection()).info.get("opened_for") != "shop":
            raise probe.Unhealthy("the listener did not run")
