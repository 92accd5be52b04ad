from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        yield
    finally:
        await engine.dispose()


app = FastAPI(lifespan=lifespan)
legacy = FastAPI()
without = FastAPI(lifespan=None)


@legacy.on_event("startup")
async def start() -> None:
    legacy.state.ready = True


@without.on_event("shutdown")
async def stop() -> None:
    await engine.dispose()


legacy.add_event_handler("shutdown", stop)
