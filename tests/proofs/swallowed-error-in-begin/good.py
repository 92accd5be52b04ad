import probe
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
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


async def proof():
    async with new_session.begin() as session:
        session.add(Item(name="second"))
        try:
            async with session.begin_nested():
                await session.execute(insert(Item).values(id=1, name="first again"))
        except IntegrityError:
            pass
    if await probe.ask("select count(*) from items") != 2:
        raise probe.Unhealthy("the block ended without an exception and saved nothing")
