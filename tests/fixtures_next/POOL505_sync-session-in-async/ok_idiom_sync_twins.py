"""Sync and async twins in one module, with one name for both."""

import asyncio

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def db_connect_sync(url: str) -> Engine:
    return create_engine(url, pool_recycle=1800, pool_pre_ping=True)


def db_connect(url: str) -> AsyncEngine:
    return create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)


def count(url: str) -> int:
    engine = db_connect_sync(url)
    try:
        with engine.begin() as connection:
            return connection.scalar(text("select count(*) from orders"))
    finally:
        engine.dispose()


async def count_async(url: str) -> int:
    engine = db_connect(url)
    try:
        async with engine.begin() as connection:
            return await connection.scalar(text("select count(*) from orders"))
    finally:
        await engine.dispose()


async def main() -> None:
    with create_engine("postgresql:///shop").connect() as connection:
        print(connection.scalar(text("select 1")))


@pytest.mark.asyncio
async def test_count(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from orders")) == await count_async(url)


if __name__ == "__main__":
    asyncio.run(main())
