import asyncpg
from asyncpg import create_pool


async def pools(host: str) -> list[asyncpg.Pool]:
    return [
        await asyncpg.create_pool("postgresql+asyncpg://app@db.internal/shop"),  # POOL605
        await create_pool(dsn='postgresql+psycopg2://app@db.internal/shop'),  # POOL605
        await create_pool(f"postgresql+asyncpg://app@{host}/shop"),  # POOL605
    ]
