import probe
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


app = FastAPI()
engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with new_session() as session:
        yield session


@app.post("/items")
async def create_item(
    session: AsyncSession = Depends(get_session, scope="function"),
):
    item = Item(name="second")
    session.add(item)
    await session.commit()
    await session.refresh(item)
    return item.id


async def proof():
    async with probe.client(app) as client:
        answer = await client.post("/items")
        assert answer.status_code == 200
