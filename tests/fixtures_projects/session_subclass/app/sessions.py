from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.ext.asyncio import AsyncSession as DBSession
from sqlalchemy.orm import Session

from app.config import URL

__all__ = ["DBSession", "ReadSession", "ShopSession", "SyncShopSession", "sessions"]


class ShopSession(AsyncSession):
    async def save(self, *objects: object) -> None:
        self.add_all(objects)
        await self.commit()


class ReadSession(ShopSession):
    pass


class SyncShopSession(Session):
    pass


engine = create_async_engine(URL, pool_recycle=1800, pool_pre_ping=True)
sessions = async_sessionmaker(engine, class_=ShopSession, expire_on_commit=False)
