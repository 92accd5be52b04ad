"""A dispose that never runs, or that is another engine's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings


def behind_a_return(url: str) -> int:
    engine = create_engine(url, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    with engine.connect() as connection:
        return connection.scalar(text("select count(*) from orders"))
    engine.dispose()


@asynccontextmanager
async def one_of_two(app: FastAPI) -> AsyncIterator[None]:
    writer = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
    reader = create_async_engine(  # POOL203
        settings.read_url, pool_recycle=1800, pool_pre_ping=True
    )
    app.state.engines = writer, reader
    try:
        yield
    finally:
        await writer.dispose()


app = FastAPI(lifespan=one_of_two)
