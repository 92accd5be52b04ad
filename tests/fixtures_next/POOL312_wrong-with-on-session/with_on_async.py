from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
OldSession = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
app = FastAPI()


@app.get("/users")
async def users():
    with sessions() as session:  # POOL312
        return (await session.scalars(text("select name from users"))).all()


@app.get("/orders")
async def orders():
    with AsyncSession(engine, expire_on_commit=False) as session:  # POOL312
        return (await session.scalars(text("select name from orders"))).all()


@app.get("/stock")
async def stock():
    with OldSession() as session:  # POOL312
        return (await session.scalars(text("select name from stock"))).all()


async def save(session: AsyncSession) -> None:
    with session.begin():  # POOL312
        await session.execute(text("delete from orders"))


async def save_at_once() -> None:
    with sessions.begin() as session:  # POOL312
        await session.execute(text("delete from orders"))
