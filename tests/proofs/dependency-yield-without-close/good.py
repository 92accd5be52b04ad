import gc

import probe
from fastapi import Depends, FastAPI
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
# Under load the collector comes too late; here it must not come by chance.
gc.disable()


async def get_session():
    session = new_session()
    try:
        yield session
    finally:
        await session.close()


@app.get("/items")
async def count_items(session: AsyncSession = Depends(get_session)):
    return await session.scalar(text("select count(*) from items"))


async def proof():
    async with probe.client(app) as client:
        for _ in range(3):
            await client.get("/items")
