import asyncpg
from aiohttp import web
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

app = FastAPI()
admin = FastAPI()


@app.on_event("startup")
async def connect() -> None:
    app.state.pool = await asyncpg.create_pool(settings.dsn)  # POOL203


@admin.on_event("startup")
def start() -> None:
    admin.state.engine = create_async_engine(  # POOL203
        settings.url, pool_recycle=1800, pool_pre_ping=True
    )


@admin.on_event("shutdown")
def stop() -> None:
    admin.state.ready = False


async def open_pool(app: web.Application) -> None:
    app["pool"] = await asyncpg.create_pool(settings.dsn)  # POOL203


site = web.Application()
site.on_startup.append(open_pool)
