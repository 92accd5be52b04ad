import asyncio

import probe
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

app = FastAPI()
engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
new_session = async_sessionmaker(engine, expire_on_commit=False)
session = new_session()


@app.get("/items")
async def count_items():
    return await session.scalar(text("select count(*) from items"))


async def proof():
    async with probe.client(app) as client:
        await asyncio.gather(*(client.get("/items") for _ in range(4)))
