from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    @classmethod
    async def create(cls, session: AsyncSession, **values: object):
        made = cls(**values)
        session.add(made)
        await session.flush()
        return made

    @classmethod
    async def create_and_commit(cls, session: AsyncSession, **values: object):
        made = cls(**values)
        session.add(made)
        await session.commit()
        return made

    @classmethod
    async def by_name(cls, session: AsyncSession, name: str):
        return (await session.scalars(select(cls).where(cls.name == name))).one()

    async def save(self, session: AsyncSession) -> None:
        session.add(self)
        await session.commit()
        await session.refresh(self)


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
