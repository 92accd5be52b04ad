import probe
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

app = FastAPI()
engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)


@app.get("/report")
async def report():
    async with AsyncSession(engine, expire_on_commit=False) as session:
        await session.execute(text("select pg_sleep(0.6)"))


async def proof():
    async with probe.client(app) as client:
        await client.get("/report")
        async with probe.Standstill() as loop:
            await client.get("/report")
    if loop.longest > 0.5:
        raise probe.Unhealthy(f"event loop blocked {loop.longest * 1000:.0f} ms")
