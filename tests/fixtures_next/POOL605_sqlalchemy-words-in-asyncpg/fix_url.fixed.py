import asyncpg
from asyncpg import create_pool


async def pools(host: str) -> list[asyncpg.Pool]:
    return [
        await asyncpg.create_pool("postgresql://app@db.internal/shop"),
        await create_pool(dsn='postgresql://app@db.internal/shop'),
        await create_pool(f"postgresql://app@{host}/shop"),
    ]
