import asyncpg

from shop.settings import DSN, options


async def pools() -> list[asyncpg.Pool]:
    return [
        await asyncpg.create_pool("postgresql://app@db.internal/shop"),
        await asyncpg.create_pool("postgres://app@db.internal/shop?sslmode=require"),
        await asyncpg.create_pool(host="db.internal", user="app", database="shop", ssl="require"),
        await asyncpg.create_pool(
            DSN,
            min_size=1,
            max_size=5,
            max_queries=50_000,
            max_inactive_connection_lifetime=300,
            timeout=5,
            command_timeout=30,
            statement_cache_size=0,
            server_settings={"application_name": "shop"},
        ),
        await asyncpg.create_pool(DSN, **options),
        await asyncpg.create_pool(DSN, connection_class=asyncpg.Connection, loop=None),
    ]
