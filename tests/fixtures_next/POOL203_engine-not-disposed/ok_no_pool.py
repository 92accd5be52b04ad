"""Nothing stays open: no connection is kept."""

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine


def create_schema(url: str, name: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"create schema {name}"))


async def count(url: str) -> int:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        return await connection.scalar(text("select count(*) from orders"))


def parse(sql: str) -> str:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        return connection.scalar(text(sql))
