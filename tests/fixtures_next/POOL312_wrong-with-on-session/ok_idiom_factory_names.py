"""The name of the class is the name of the factory, and of an instance of it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.ext.asyncio import async_sessionmaker as make_sessions


def settle(engine: AsyncEngine) -> None:
    global async_sessionmaker
    async_sessionmaker = make_sessions(engine, expire_on_commit=False)


async def count(async_sessionmaker: make_sessions[AsyncSession]) -> int:
    async with async_sessionmaker() as session:
        return await session.scalar(text("select count(*) from orders"))


async def names(Session: AsyncSession) -> list[str]:
    async with Session:
        return list(await Session.scalars(text("select name from orders")))


async def twice(sessionmaker: make_sessions[AsyncSession]) -> int:
    async with sessionmaker() as sessionmaker:
        return await sessionmaker.scalar(text("select count(*) from orders"))
