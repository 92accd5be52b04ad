import asyncio

import probe
from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

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


async def get_session():
    async with new_session() as session:
        yield session


async def follow(name):
    for _ in range(20):
        yield name
        await asyncio.sleep(0.1)


@app.get("/follow")
async def follow_item(session: AsyncSession = Depends(get_session)):
    name = await session.scalar(text("select name from items"))
    await session.commit()
    return StreamingResponse(follow(name))


@app.get("/items")
async def count_items(session: AsyncSession = Depends(get_session)):
    return await session.scalar(text("select count(*) from items"))


async def proof():
    async with probe.client(app) as client:
        listeners = [asyncio.create_task(client.get("/follow")) for _ in range(2)]
        await asyncio.sleep(0.3)
        answer = await client.get("/items")
        assert answer.json() == 1
        await asyncio.gather(*listeners)
