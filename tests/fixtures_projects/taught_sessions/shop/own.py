from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Maker = async_sessionmaker(expire_on_commit=False)


async def opened() -> AsyncSession:
    session = Maker()
    return session  # POOL305


async def uses_it(session=Depends(opened)):
    await session.commit()
