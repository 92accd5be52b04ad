from contextlib import ExitStack, closing, nullcontext, suppress

from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
sync_engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
SessionLocal = sessionmaker(sync_engine)


async def users() -> list[str]:
    async with sessions() as session, session.begin():
        return list(await session.scalars(text("select name from users")))


async def both(session: AsyncSession) -> None:
    with suppress(ValueError):
        async with session.begin_nested():
            await session.execute(text("delete from orders"))


async def not_flushed(session: AsyncSession) -> None:
    with session.no_autoflush:
        await session.execute(text("select 1"))


def orders() -> list[str]:
    with SessionLocal() as session, session.begin():
        return list(session.scalars(text("select name from orders")))


def stock() -> list[str]:
    with closing(SessionLocal()) as session, ExitStack() as stack:
        stack.enter_context(session.begin())
        return list(session.scalars(text("select name from stock")))


def given(session: Session | None) -> list[str]:
    with SessionLocal() if session is None else nullcontext(session) as own:
        return list(own.scalars(text("select name from stock")))
