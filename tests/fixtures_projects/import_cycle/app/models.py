from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app import db
from app.loops import there


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    async def remove(self) -> None:
        async with db.sessions() as session:
            session.delete(self)  # POOL501
            await session.commit()


async def count() -> int:
    async with db.sessions() as session:
        return await there(session)


async def total() -> int:
    async with db.sessions() as session:
        rows = session.execute(text("select sum(total) from orders"))  # POOL501
        return rows.scalar_one()
