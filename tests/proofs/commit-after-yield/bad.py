import httpx
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
        await session.commit()


@app.post("/items")
async def create_item(session: AsyncSession = Depends(get_session)):
    # There is an item with this number.
    session.add(Item(id=1, name="second"))
    return {"saved": True}


async def proof():
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://proof") as client:
        answer = await client.post("/items")
    saved = await probe.ask("select count(*) from items where name = 'second'")
    if answer.status_code == 200 and not saved:
        raise probe.Unhealthy("the client was told 200 and nothing was saved")
