from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

from fastapi import FastAPI, Request
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
at_module_level = async_sessionmaker(engine, expire_on_commit=False)
registry = scoped_session(sessionmaker(sync_engine))
_lazy: sessionmaker | None = None


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    yield


app = FastAPI(lifespan=lifespan)


@lru_cache
def cached() -> sessionmaker:
    return sessionmaker(sync_engine)


def lazy() -> sessionmaker:
    global _lazy
    if _lazy is None:
        _lazy = sessionmaker(sync_engine)
    return _lazy


class Database:
    def __init__(self) -> None:
        self.sessions = sessionmaker(sync_engine)


database = Database()


@app.get("/users")
async def users(request: Request):
    async with request.app.state.sessions() as session:
        return (await session.scalars(text("select name from users"))).all()


@app.get("/orders")
def orders():
    with cached()() as session, lazy()() as other, database.sessions() as third:
        return [one.scalar(text("select 1")) for one in (session, other, third)]
