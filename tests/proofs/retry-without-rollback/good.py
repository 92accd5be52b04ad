import itertools

import probe
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
new_session = async_sessionmaker(engine, expire_on_commit=False)
# The first number is taken.
numbers = itertools.count(1)


async def proof():
    async with new_session() as session:
        for _ in range(3):
            try:
                session.add(Item(id=next(numbers), name="second"))
                await session.commit()
                return
            except DBAPIError as error:
                await session.rollback()
                print("attempt failed:", error)
