"""A loop over what an async client finds waits, and lets others go on meanwhile."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.cache import cache
from app.models import User


async def log_out(session: AsyncSession, name: str) -> None:
    user = await session.get(User, name)
    await cache.drop(user.key)  # POOL401


async def tokens(session: AsyncSession, name: str) -> list[str]:
    user = await session.get(User, name)
    return await cache.prefixed(user.key)
