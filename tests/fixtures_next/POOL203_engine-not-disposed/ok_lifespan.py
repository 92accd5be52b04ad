from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
    app.state.engine = engine
    try:
        yield
    finally:
        await engine.dispose()


@asynccontextmanager
async def by_the_state(app: FastAPI) -> AsyncIterator[None]:
    app.state.engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
    try:
        yield
    finally:
        await app.state.engine.dispose()


@asynccontextmanager
async def with_pool(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(settings.dsn) as pool:
        app.state.pool = pool
        yield


@asynccontextmanager
async def on_a_stack(app: FastAPI) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        app.state.pool = await stack.enter_async_context(asyncpg.create_pool(settings.dsn))
        engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
        stack.push_async_callback(engine.dispose)
        yield


first = FastAPI(lifespan=lifespan)
second = FastAPI(lifespan=by_the_state)
third = FastAPI(lifespan=with_pool)
fourth = FastAPI(lifespan=on_a_stack)
