from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass
class Base:
    session: AsyncSession


@dataclass
class Store(Base):
    limit: int = 10

    async def count(self) -> int:
        return await self.session.scalar(text("select count(*) from orders"))

    async def save(self, name: str) -> None:
        await self.session.execute(text("insert into orders (name) values (:n)"), {"n": name})
        await self.session.commit()
