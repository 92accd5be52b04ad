import os

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def connect() -> AsyncEngine:
    return create_async_engine(os.environ["DATABASE_URL"], pool_recycle=1800, pool_pre_ping=True)


def get_database_engine() -> AsyncEngine:
    engine = connect()
    return engine
