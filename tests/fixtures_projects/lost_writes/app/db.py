from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from app.settings import settings

engine = create_engine(settings.url, pool_pre_ping=True, pool_recycle=1800)
maintenance = engine.execution_options(isolation_level="AUTOCOMMIT")
new_session = sessionmaker(engine)
async_engine = create_async_engine(settings.url, pool_pre_ping=True, pool_recycle=1800)
new_async_session = async_sessionmaker(async_engine, expire_on_commit=False)


def get_administration():
    return create_engine(
        settings.url, isolation_level="AUTOCOMMIT", pool_pre_ping=True, pool_recycle=1800
    )


@contextmanager
def read_session():
    with new_session() as session:
        yield session


@contextmanager
def session_scope():
    session = new_session()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


@asynccontextmanager
async def get_session():
    async with new_async_session() as session:
        yield session
