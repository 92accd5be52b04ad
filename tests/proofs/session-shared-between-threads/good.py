import asyncio

import probe
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine(f"postgresql+psycopg://{probe.PLACE}", pool_pre_ping=True, pool_recycle=1800)


def add_item(number: int):
    with Session(engine) as session:
        session.add(Item(name=str(number)))
        session.commit()


async def proof():
    await asyncio.gather(*(asyncio.to_thread(add_item, number) for number in range(8)))
