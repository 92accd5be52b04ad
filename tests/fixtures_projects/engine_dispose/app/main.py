from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import db
from app.db import async_engine, database, engine, get_engine


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    try:
        yield
    finally:
        async_engine.dispose()  # POOL202
        engine.dispose()
        db.async_engine.dispose()  # POOL202
        get_engine().dispose()  # POOL202
        database.engine.dispose()  # POOL202
        await database.close()
        await async_engine.dispose()


app = FastAPI(lifespan=lifespan)
