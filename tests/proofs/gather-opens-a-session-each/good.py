import asyncio

import probe
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

app = FastAPI()
engine = create_async_engine(
    probe.URL,
    pool_size=2,
    max_overflow=0,
    pool_timeout=1,
    pool_pre_ping=True,
    pool_recycle=1800,
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


limit = asyncio.Semaphore(2)


async def refresh(number):
    async with limit, new_session() as session:
        await session.execute(text("select pg_sleep(0.5)"))


@app.get("/refresh")
async def refresh_all(count: int):
    numbers = [int(word) for word in ("1 " * count).split()]
    await asyncio.gather(*(refresh(number) for number in numbers))


async def proof():
    async with probe.client(app) as client:
        await client.get("/refresh", params={"count": 12})
