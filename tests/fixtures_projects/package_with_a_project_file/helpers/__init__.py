from sqlalchemy.ext.asyncio import AsyncSession


async def apart(function, *args):
    return await function(*args)


async def stored(session: AsyncSession) -> None:
    await session.commit()
