from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
Session = sessionmaker(engine)  # POOL311
Other = sessionmaker(bind=engine, autoflush=False, expire_on_commit=False)  # POOL311
Third = sessionmaker(  # POOL311
    autocommit=False,
    autoflush=False,
    bind=engine,
)


def factory(engine: AsyncEngine) -> sessionmaker:
    return sessionmaker(engine, expire_on_commit=False)  # POOL311
