"""Other people's add, commit and dispose."""

from sqlalchemy.ext.asyncio import AsyncSession

from shop.cache import Cache
from shop.database import engine, get_session
from shop.repositories import Repository


async def add(repository: Repository, session: AsyncSession) -> None:
    await repository.add(session)
    await repository.session.add(session)


async def unknown() -> None:
    session = await get_session()
    await session.add(1)
    await engine.dispose()


async def cached(cache: Cache, session: AsyncSession) -> None:
    await cache.expire_all()
    session.info["cache"] = cache


class Tracked(AsyncSession):
    async def add(self, instance: object) -> None:
        super().add(instance)


async def tracked(session: Tracked) -> None:
    await session.add(1)
