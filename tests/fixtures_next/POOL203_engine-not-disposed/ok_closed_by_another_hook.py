import asyncpg
from aiohttp import web
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

app = FastAPI()


@app.on_event("startup")
async def connect() -> None:
    app.state.pool = await asyncpg.create_pool(settings.dsn)
    app.state.engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


@app.on_event("shutdown")
async def disconnect() -> None:
    await app.state.pool.close()
    await app.state.engine.dispose()


async def open_pool(app: web.Application) -> None:
    app["pool"] = await asyncpg.create_pool(settings.dsn)


async def close_pool(app: web.Application) -> None:
    await app["pool"].close()


site = web.Application()
site.on_startup.append(open_pool)
site.on_cleanup.append(close_pool)
