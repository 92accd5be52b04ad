import asyncpg

from shop.settings import DSN

OPTIONS = {"min_size": 1, "pool_recycle": 1800}


async def pools() -> list[asyncpg.Pool]:
    return [
        await asyncpg.create_pool(DSN, pool_size=20),  # POOL605
        await asyncpg.create_pool(DSN, pool_size=5, max_overflow=10),  # POOL605
        await asyncpg.create_pool(DSN, pool_timeout=5),  # POOL605
        await asyncpg.create_pool(DSN, pool_pre_ping=True, pool_recycle=1800),  # POOL605
        await asyncpg.create_pool(DSN, minsize=1, maxsize=5),  # POOL605
        await asyncpg.create_pool(DSN, sslmode="require"),  # POOL605
        await asyncpg.create_pool(DSN, connect_timeout=5),  # POOL605
        await asyncpg.create_pool(DSN, echo=True),  # POOL605
        await asyncpg.create_pool(DSN, **OPTIONS),  # POOL605
        await asyncpg.create_pool(  # POOL605
            DSN,
            min_size=1,
            max_lifetime=600,
        ),
    ]


async def connection() -> asyncpg.Connection:
    return await asyncpg.connect(DSN, sslmode="require")  # POOL605
