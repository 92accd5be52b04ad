import asyncio

import probe
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_async_engine(
    probe.URL,
    pool_size=2,
    max_overflow=0,
    pool_timeout=1,
    pool_pre_ping=True,
    pool_recycle=1800,
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def ask_the_supplier(name):
    await asyncio.sleep(0.8)
    return f"{name}, in stock"


async def work():
    async with new_session() as session:
        async with session.begin():
            item = await session.get(Item, 1)
            item.name = await ask_the_supplier(item.name)


async def proof():
    await asyncio.gather(*(work() for _ in range(8)))
