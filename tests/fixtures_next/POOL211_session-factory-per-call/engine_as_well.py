"""One mistake, one finding: with its engine gone the factory is nothing to talk about."""

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from shop.settings import settings

app = FastAPI()
shared = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


@app.get("/users")
async def users():
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    async with sessions() as session:
        return (await session.scalars(text("select name from users"))).all()


@app.get("/orders")
async def orders():
    sessions = async_sessionmaker(shared, expire_on_commit=False)  # POOL211
    async with sessions() as session:
        return (await session.scalars(text("select name from orders"))).all()
