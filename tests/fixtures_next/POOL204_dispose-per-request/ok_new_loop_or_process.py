"""A loop of its own for every task, and a new process: the pool must not go along."""

import asyncio

from celery import shared_task
from celery.signals import worker_process_init
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)


async def _count() -> int:
    try:
        async with engine.connect() as connection:
            return await connection.scalar(text("select count(*) from orders"))
    finally:
        await engine.dispose()


@shared_task
def count() -> int:
    return asyncio.run(_count())


@worker_process_init.connect
def after_fork(**kwargs: object) -> None:
    sync_engine.dispose(close=False)
