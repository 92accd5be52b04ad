import asyncio

import probe
from fastapi import BackgroundTasks, Depends, FastAPI
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


async def send_receipt():
    async with new_session() as session:
        await session.execute(text("select 1"))
    await asyncio.sleep(1.5)


@app.post("/pay")
async def pay(background: BackgroundTasks, session: AsyncSession = Depends(get_session)):
    background.add_task(send_receipt)


@app.get("/orders")
async def orders(session: AsyncSession = Depends(get_session)):
    return await session.scalar(text("select count(*) from items"))


async def proof():
    async with probe.client(app) as client:
        paid = [asyncio.ensure_future(client.post("/pay")) for _ in range(2)]
        await asyncio.sleep(0.3)
        await client.get("/orders")
        await asyncio.gather(*paid)
    left = engine.pool.checkedout()
    if left:
        raise probe.Unhealthy(f"connections that nobody gave back: {left}")
