"""An error at the yield skips what stands below it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.engine = create_async_engine(  # POOL203
        settings.url,
        pool_recycle=1800,
        pool_pre_ping=True,
    )
    yield
    await app.state.engine.dispose()


@asynccontextmanager
async def with_pool(app: FastAPI) -> AsyncIterator[dict]:
    pool = await asyncpg.create_pool(settings.dsn)  # POOL203
    yield {"pool": pool}
    await pool.close()


app = FastAPI(lifespan=lifespan)
admin = FastAPI(lifespan=with_pool)
