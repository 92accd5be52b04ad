import probe
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
new_session = async_sessionmaker(engine, expire_on_commit=False)


@app.get("/items")
async def count_items(session: AsyncSession = Depends(new_session)):
    return await session.scalar(text("select count(*) from items"))


async def proof():
    async with probe.client(app) as client:
        response = await client.get("/items")
    if response.status_code != 200:
        raise probe.Unhealthy(f"{response.status_code} {response.text}")
