import os

from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(os.environ["URL"], pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)


def make_engine():
    return create_async_engine(os.environ["URL"], pool_recycle=1800, pool_pre_ping=True)
