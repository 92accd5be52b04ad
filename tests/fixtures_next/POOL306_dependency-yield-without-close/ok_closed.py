from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)
app = FastAPI()


async def in_a_block() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        try:
            yield session
            await session.commit()
        except Exception:
            await session.rollback()
            raise


def in_finally() -> Iterator[Session]:
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def by_closing() -> Iterator[Session]:
    with closing(SessionLocal()) as db:
        yield db


async def by_begin() -> AsyncIterator[AsyncSession]:
    async with sessions.begin() as session:
        yield session


async def on_a_stack() -> AsyncIterator[AsyncSession]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(sessions())


def both_ways() -> Iterator[Session]:
    db = SessionLocal()
    try:
        yield db
    except BaseException:
        db.close()
        raise
    else:
        db.close()


def block_below() -> Iterator[Session]:
    db = SessionLocal()
    with db:
        yield db


@app.get("/users")
async def users(
    one: AsyncSession = Depends(in_a_block),
    two: Session = Depends(in_finally),
    three: Session = Depends(by_closing),
    four: AsyncSession = Depends(by_begin),
    five: AsyncSession = Depends(on_a_stack),
    six: Session = Depends(both_ways),
    seven: Session = Depends(block_below),
):
    return (await one.scalars(text("select name from users"))).all()
