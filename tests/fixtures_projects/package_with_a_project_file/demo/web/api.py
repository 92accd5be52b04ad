from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from helpers import apart


async def count(session: AsyncSession) -> None:
    await session.execute(text("select 1"))
    await apart(print)
