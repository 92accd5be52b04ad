import dramatiq
from rq.decorators import job
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine
from taskiq import InMemoryBroker

from shop.settings import settings

broker = InMemoryBroker()


@dramatiq.actor
def purge() -> None:
    engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    with engine.begin() as connection:
        connection.execute(text("delete from orders"))


@dramatiq.actor(max_retries=3)
def recount() -> None:
    engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    with engine.begin() as connection:
        connection.execute(text("update totals set n = n + 1"))


@broker.task
async def count() -> int:
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    async with engine.connect() as connection:
        return await connection.scalar(text("select count(*) from orders"))


@job("default")
def report() -> int:
    engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    with engine.connect() as connection:
        return connection.scalar(text("select count(*) from orders"))


async def index(ctx: dict) -> int:
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    async with engine.connect() as connection:
        return await connection.scalar(text("select count(*) from orders"))


class WorkerSettings:
    functions = [index]
