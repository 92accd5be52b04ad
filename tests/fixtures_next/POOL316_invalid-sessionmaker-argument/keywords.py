from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
async_engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)

one = sessionmaker(engine, autocommit=True)  # POOL316
two = sessionmaker(autocommit=True, autoflush=False, bind=engine)  # POOL316
three = sessionmaker(bind=engine, pool_size=5, max_overflow=10)  # POOL316
four = async_sessionmaker(async_engine, expire_on_commit=False, pool_pre_ping=True)  # POOL316
old = sessionmaker(engine, future=False)  # POOL316
five = sessionmaker(  # POOL316
    engine,
    echo=True,
)


def legacy() -> Session:
    return Session(engine, autocommit=True)  # POOL316
