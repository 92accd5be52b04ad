from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI

from shop.settings import settings


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.ready = True
    yield


app = FastAPI(lifespan=lifespan)


@app.on_event("startup")  # POOL207
async def connect() -> None:
    app.state.pool = await asyncpg.create_pool(settings.dsn)


@app.on_event("shutdown")  # POOL207
async def disconnect() -> None:
    await app.state.pool.close()
