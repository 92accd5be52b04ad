from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine.sync_engine, expire_on_commit=False)  # POOL311
others = async_sessionmaker(bind=sync_engine, expire_on_commit=False)  # POOL311
Session = sessionmaker(sync_engine, class_=AsyncSession, expire_on_commit=False)  # POOL311
