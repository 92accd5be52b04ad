from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

URL = "postgresql://app@db.internal/shop"
bare = create_async_engine(URL, pool_recycle=1800, pool_pre_ping=True)  # POOL109
old = create_engine(URL, encoding="utf-8", future=False, pool_recycle=1800, pool_pre_ping=True)
again = create_engine(str(old.url), case_sensitive=True, pool_recycle=1800, pool_pre_ping=True)
queue = create_async_engine(
    "postgresql+asyncpg://app@db.internal/shop",
    poolclass=QueuePool,
    pool_recycle=1800,
    pool_pre_ping=True,
)
new_session = sessionmaker(old, autocommit=True)
