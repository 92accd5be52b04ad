from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import scoped_session

engine = create_async_engine(
    "postgresql+asyncpg://db/shop", pool_pre_ping=True, pool_recycle=1800
)
new_session = async_sessionmaker(engine, expire_on_commit=False)
registry = scoped_session(new_session)


async def get_session():
    async with new_session() as session:
        yield session
