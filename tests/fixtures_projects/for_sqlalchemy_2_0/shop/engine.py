from sqlalchemy import QueuePool, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

URL = "postgresql://app@db.internal/shop"
bare = create_async_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL109
sync = create_engine(URL, pool_recycle=1800, pool_pre_ping=True)
old = create_engine(URL, encoding="utf-8", pool_recycle=1800, pool_pre_ping=True)  # POOL106
queue = create_async_engine(  # POOL107
    "postgresql+asyncpg://app@db.internal/shop",
    poolclass=QueuePool,
    pool_recycle=1800,
    pool_pre_ping=True,
)
