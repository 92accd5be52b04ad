from sqlalchemy import Engine, create_engine, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shop.settings import settings

engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
async_engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


async def stop() -> None:
    await engine.dispose()  # POOL502


async def stop_below(engine: AsyncEngine) -> None:
    await engine.sync_engine.dispose()  # POOL502
    await engine.dispose()


async def stop_that(engine: Engine) -> None:
    await engine.dispose()  # POOL502


async def stop_all() -> None:
    await async_engine.dispose()
    await engine.dispose()  # POOL502
