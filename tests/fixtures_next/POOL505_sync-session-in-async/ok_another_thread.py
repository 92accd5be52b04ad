"""A sync def inside an async one, run where it does not stop the loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import anyio.to_thread
from asgiref.sync import sync_to_async
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, sessionmaker
from starlette.concurrency import run_in_threadpool

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)


def count() -> int:
    with SessionLocal() as session:
        return session.scalar(text("select count(*) from orders"))


async def in_a_thread() -> int:
    def total() -> int:
        with SessionLocal() as session:
            return session.scalar(text("select count(*) from users"))

    return await asyncio.to_thread(total)


async def other_ways() -> int:
    def names() -> list[str]:
        with Session(engine) as session:
            return list(session.scalars(text("select name from users")))

    await anyio.to_thread.run_sync(names)
    await run_in_threadpool(names)
    await sync_to_async(names)()
    return await asyncio.to_thread(count)


async def executor() -> int:
    with ThreadPoolExecutor() as threads:
        return await asyncio.get_running_loop().run_in_executor(threads, count)


async def as_a_lambda() -> int:
    return await asyncio.to_thread(
        lambda: engine.connect().scalar(text("select count(*) from orders"))
    )


async def below(session: AsyncSession) -> int:
    def work(sync_session: Session) -> int:
        return sync_session.scalar(text("select count(*) from orders"))

    return await session.run_sync(work)


async def by_lambda(session: AsyncSession) -> int:
    return await session.run_sync(lambda db: db.scalar(text("select count(*) from orders")))
