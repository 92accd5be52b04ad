from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings


@asynccontextmanager
async def lifespan(app: FastAPI):
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    app.state.engine = engine
    yield


@asynccontextmanager
async def on_success(app: FastAPI):
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    app.state.engine = engine
    yield {"engine": engine}
    await engine.dispose()


app = FastAPI(lifespan=lifespan)
admin = FastAPI(lifespan=on_success)
