import asyncpg
from asyncpg import connect, create_pool

URL = "postgresql+asyncpg://app@db.internal/shop"


async def pools(host: str) -> list[asyncpg.Pool]:
    return [
        await asyncpg.create_pool("postgresql+asyncpg://app@db.internal/shop"),  # POOL605
        await create_pool(dsn="postgresql+psycopg://app@db.internal/shop"),  # POOL605
        await create_pool(URL, min_size=1),  # POOL605
        await create_pool(f"postgresql+asyncpg://app@{host}/shop"),  # POOL605
    ]


async def connections() -> list[asyncpg.Connection]:
    return [
        await asyncpg.connect("postgresql+asyncpg://app@db.internal/shop"),  # POOL605
        await connect(dsn=URL),  # POOL605
    ]
