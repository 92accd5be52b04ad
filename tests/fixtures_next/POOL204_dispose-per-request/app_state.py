from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
    try:
        yield
    finally:
        await app.state.engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/users")
async def users(request: Request):
    engine = request.app.state.engine
    async with engine.connect() as connection:
        names = (await connection.scalars(text("select name from users"))).all()
    await engine.dispose()  # POOL204
    return names
