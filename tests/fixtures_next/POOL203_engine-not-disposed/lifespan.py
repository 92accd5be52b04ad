from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from shop.settings import settings


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    yield


@asynccontextmanager
async def with_pool(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = await asyncpg.create_pool(settings.dsn)  # POOL203
    yield
    app.state.ready = False


app = FastAPI(lifespan=lifespan)
admin = FastAPI(lifespan=with_pool)
