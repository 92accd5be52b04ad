"""The engine that ends here was made here, for this call; POOL201 has a word on that."""

from celery import shared_task
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings


@shared_task
def purge() -> None:
    engine = create_engine(settings.url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("delete from orders where not open"))
    finally:
        engine.dispose()


async def check(url: str) -> bool:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return bool(await connection.scalar(text("select 1")))
    finally:
        await engine.dispose()
