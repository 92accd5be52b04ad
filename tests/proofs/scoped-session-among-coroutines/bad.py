import asyncio

import probe
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import scoped_session

app = FastAPI()
engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
registry = scoped_session(async_sessionmaker(engine, expire_on_commit=False))
seen = []


@app.get("/number")
async def number():
    seen.append(registry())
    await asyncio.sleep(0.05)
    return await registry.scalar(select(1))


async def proof():
    async with probe.client(app) as client:
        await asyncio.gather(client.get("/number"), client.get("/number"), return_exceptions=True)
    if seen[0] is seen[1]:
        raise probe.Unhealthy("both requests had the same session")
