from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)


async def users() -> list[str]:
    async with SessionLocal() as session:  # POOL312 POOL505
        return list(session.scalars(text("select name from users")))
