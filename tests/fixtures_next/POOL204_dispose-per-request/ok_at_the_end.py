from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
reader = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await engine.dispose()


app = FastAPI(lifespan=lifespan)
legacy = FastAPI()


@legacy.on_event("shutdown")
def stop() -> None:
    reader.dispose()


@app.get("/users")
async def users():
    async with engine.connect() as connection:
        return (await connection.scalars(text("select name from users"))).all()


async def close_all() -> None:
    await engine.dispose()
    reader.dispose()
