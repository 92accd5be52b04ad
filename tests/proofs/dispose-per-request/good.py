import probe
from fastapi import FastAPI
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine

app = FastAPI()
engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)

opened = []
event.listen(engine.sync_engine, "connect", lambda *connection: opened.append(connection))


@app.get("/items")
async def count_items():
    async with engine.connect() as connection:
        count = await connection.scalar(text("select count(*) from items"))
    return count


async def proof():
    async with probe.client(app) as client:
        for _ in range(20):
            await client.get("/items")
    if len(opened) > 1:
        raise probe.Unhealthy(f"{len(opened)} connections opened for 20 requests")
