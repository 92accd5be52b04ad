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


def add_item(session: Session, number: int):
    session.add(Item(name=str(number)))
    session.commit()


async def proof():
    session = Session(engine)
    await asyncio.gather(*(asyncio.to_thread(add_item, session, number) for number in range(8)))
