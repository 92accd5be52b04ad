import asyncpg

from shop.settings import DSN


async def pools() -> list[asyncpg.Pool]:
    return [
        await asyncpg.create_pool(DSN, max_size=20),
        await asyncpg.create_pool(DSN, min_size=1, max_size=5),
        await asyncpg.create_pool(DSN, min_size=1, max_size=5),
        await asyncpg.create_pool(DSN, ssl="require"),
        await asyncpg.create_pool(DSN, timeout=5),
        await asyncpg.create_pool(DSN, max_size=20),
    ]
