"""What could never work cannot be relied upon, so expire_on_commit may be settled as well."""

from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
right = async_sessionmaker(engine, expire_on_commit=False)
Session = sessionmaker(bind=engine, expire_on_commit=False)  # POOL311
Other = sessionmaker(engine)  # POOL311
