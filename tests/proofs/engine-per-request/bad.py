import asyncio

import httpx
import probe
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

app = FastAPI()


@app.get("/items")
async def count_items():
    engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
    async with engine.connect() as connection:
        return await connection.scalar(text("select count(*) from items"))


async def proof():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://proof") as client:
        await asyncio.gather(*(client.get("/items") for _ in range(60)))
