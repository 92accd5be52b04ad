"""The other way round: nobody can await here, so the whole function has the wrong colour."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from shop.models import User
from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)


def check() -> bool:
    with engine.connect() as connection:  # POOL505
        return bool(connection.scalar(text("select 1")))


def get_engine() -> AsyncEngine:
    return engine


def migrate() -> None:
    with get_engine().begin() as connection:  # POOL505
        connection.execute(text("create table if not exists orders (id int)"))


def names() -> list[str]:
    with sessions() as session:  # POOL505
        return list(session.scalars(text("select name from users")))


def users(session: AsyncSession) -> list[User]:
    return session.query(User).all()  # POOL505
