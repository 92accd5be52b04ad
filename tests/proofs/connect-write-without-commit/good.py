import probe
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)


async def proof():
    async with engine.begin() as connection:
        await connection.execute(insert(Item).values(name="second"))
    if await probe.ask("select count(*) from items") != 2:
        raise probe.Unhealthy("the row was not saved")
