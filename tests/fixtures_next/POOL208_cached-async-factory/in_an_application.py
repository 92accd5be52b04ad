import functools

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from shop.settings import settings

app = FastAPI()


@functools.lru_cache(maxsize=None)  # POOL208
async def get_sessions() -> async_sessionmaker:
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
    return async_sessionmaker(engine, expire_on_commit=False)


@app.get("/users")
async def users():
    sessions = await get_sessions()
    async with sessions() as session:
        return (await session.scalars(text("select name from users"))).all()
