import asyncio

import probe
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine(f"postgresql+psycopg://{probe.PLACE}", pool_pre_ping=True, pool_recycle=1800)
new_session = sessionmaker(bind=engine.connect())


def count_items():
    with new_session() as session:
        count = session.scalar(text("select count(*) from items"))
        session.rollback()
        return count


def store(name):
    with new_session() as session:
        session.add(Item(name=name))
        session.flush()
        count_items()
        session.commit()


async def proof():
    await asyncio.to_thread(store, "second")
    if await probe.ask("select count(*) from items") != 2:
        raise probe.Unhealthy("the row was not saved")
