import aiomysql
import asyncpg
from arq import create_pool
from sqlalchemy.ext.asyncio import create_async_engine

from shop.pools import connect
from shop.settings import settings

engine = create_async_engine(settings.url, pool_size=5, pool_recycle=1800, pool_pre_ping=True)


async def others() -> list[object]:
    return [
        await create_pool(settings.redis, pool_size=5),
        await aiomysql.create_pool(minsize=1, maxsize=5, pool_recycle=1800),
        await connect("postgresql+asyncpg://app@db.internal/shop", pool_size=5),
        await asyncpg.create_pool(settings.dsn),
    ]
