from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.database import get_other, open_other
from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class Page:
    def __init__(self, number: int = 1) -> None:
        self.number = number


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


as_a_block = asynccontextmanager(get_session)


def get_sessions() -> async_sessionmaker[AsyncSession]:
    return sessions


@app.get("/users")
async def users(
    page: Page = Depends(),
    session: AsyncSession = Depends(get_session),
    factory: async_sessionmaker[AsyncSession] = Depends(get_sessions),
    one: AsyncSession = Depends(get_other),
    two: AsyncSession = Depends(open_other()),
):
    async with as_a_block() as own:
        return (await own.scalars(text("select name from users"))).all()
