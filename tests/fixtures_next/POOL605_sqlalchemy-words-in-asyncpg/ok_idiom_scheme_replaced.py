"""The words of SQLAlchemy are taken out before asyncpg sees them."""

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

URL = "postgresql+asyncpg://app@db.internal/shop"
engine = create_async_engine(URL, pool_size=20, pool_recycle=1800, pool_pre_ping=True)


async def pools() -> list[asyncpg.Pool]:
    dsn = URL.replace("+asyncpg", "")
    return [
        await asyncpg.create_pool(URL.replace("postgresql+asyncpg://", "postgresql://")),
        await asyncpg.create_pool(dsn),
        await asyncpg.create_pool(settings.url.replace("+asyncpg", "")),
        await asyncpg.create_pool(dsn=str(settings.url).removeprefix("postgresql+asyncpg://")),
        await asyncpg.create_pool(
            make_url(URL).set(drivername="postgresql").render_as_string(hide_password=False)
        ),
        await asyncpg.create_pool("".join(URL.split("+asyncpg"))),
    ]
