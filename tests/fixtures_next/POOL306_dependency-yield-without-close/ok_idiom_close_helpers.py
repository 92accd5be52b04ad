"""Closed by a function that is handed the session, also in a shielded task."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.cleaning import put_away
from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def close_it(session: AsyncSession) -> None:
    await session.rollback()
    await session.close()


async def by_a_helper() -> AsyncIterator[AsyncSession]:
    session = sessions()
    try:
        yield session
    finally:
        await close_it(session)


async def by_a_stranger() -> AsyncIterator[AsyncSession]:
    session = sessions()
    try:
        yield session
    finally:
        await put_away(session)


async def shielded() -> AsyncIterator[AsyncSession]:
    session = sessions()
    try:
        yield session
    finally:
        await asyncio.shield(asyncio.create_task(session.close()))


async def by_hand() -> AsyncIterator[AsyncSession]:
    manager = sessions()
    session = await manager.__aenter__()
    try:
        yield session
    finally:
        await manager.__aexit__(None, None, None)


@app.get("/users")
async def users(
    one: AsyncSession = Depends(by_a_helper),
    two: AsyncSession = Depends(by_a_stranger),
    three: AsyncSession = Depends(shielded),
    four: AsyncSession = Depends(by_hand),
):
    return (await one.scalars(text("select name from users"))).all()
