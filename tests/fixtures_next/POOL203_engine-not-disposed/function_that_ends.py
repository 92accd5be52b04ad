import asyncpg
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

metadata = MetaData()


def copy_schema(url: str) -> None:
    engine = create_engine(url, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    metadata.create_all(engine)


async def count(url: str) -> int:
    engine = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)  # POOL203
    async with engine.connect() as connection:
        return await connection.scalar(text("select count(*) from orders"))


async def names() -> list[str]:
    pool = await asyncpg.create_pool(settings.dsn)  # POOL203
    return [row["name"] for row in await pool.fetch("select name from orders")]


class Importer:
    def run(self, url: str) -> None:
        engine = create_engine(url, pool_recycle=1800, pool_pre_ping=True)  # POOL203
        with engine.begin() as connection:
            connection.execute(text("delete from orders"))
