from contextlib import asynccontextmanager

import probe
from fastapi import FastAPI, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)


async def load_names(app):
    async with engine.connect() as connection:
        app.state.names = list(await connection.scalars(text("select name from items")))


@asynccontextmanager
async def lifespan(app):
    await load_names(app)
    try:
        yield
    finally:
        await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/names")
async def names(request: Request):
    return request.app.state.names


async def proof():
    async with app.router.lifespan_context(app), probe.client(app) as client:
        await client.get("/names")
