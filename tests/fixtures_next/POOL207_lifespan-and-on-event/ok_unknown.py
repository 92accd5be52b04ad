from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from shop.bus import Bus
from shop.main import app
from shop.settings import options, settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
configured = FastAPI(**options)
bus = Bus(lifespan="forever")


@configured.on_event("shutdown")
async def stop() -> None:
    await engine.dispose()


@app.on_event("startup")
async def start() -> None:
    app.state.engine = engine


@bus.on_event("startup")
async def listen() -> None:
    bus.engine = engine
