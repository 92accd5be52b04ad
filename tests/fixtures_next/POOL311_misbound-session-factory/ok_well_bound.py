from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.database import anything
from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
by_class = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
plain = sessionmaker(sync_engine)
unbound = sessionmaker()
unknown = sessionmaker(anything)
below = sessionmaker(engine.sync_engine)
typed: sessionmaker[Session] = sessionmaker(bind=sync_engine)


class TenantSession(AsyncSession):
    pass


of_the_project = sessionmaker(engine, class_=TenantSession, expire_on_commit=False)


def by_options(engine: AsyncEngine, **options: object) -> sessionmaker:
    return sessionmaker(engine, **options)


def by_name(engine: AsyncEngine, kind: type) -> sessionmaker:
    return sessionmaker(engine, class_=kind, expire_on_commit=False)
