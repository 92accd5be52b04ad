import asyncpg

from shop.settings import DSN


async def pools() -> list[asyncpg.Pool]:
    return [
        await asyncpg.create_pool(DSN, pool_size=20),  # POOL605
        await asyncpg.create_pool(DSN, pool_size=5),  # POOL605
        await asyncpg.create_pool(DSN, minsize=1, maxsize=5),  # POOL605
        await asyncpg.create_pool(DSN, sslmode="require"),  # POOL605
        await asyncpg.create_pool(DSN, connect_timeout=5),  # POOL605
        await asyncpg.create_pool(DSN, pool_pre_ping=True, max_size=20),  # POOL605
    ]
