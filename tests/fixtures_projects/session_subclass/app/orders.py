import httpx
from sqlalchemy import text

from app import sessions as db
from app.sessions import DBSession, ReadSession, ShopSession, SyncShopSession, sessions


async def purge(session: ShopSession) -> None:
    await session.execute(text("delete from orders"))
    session.commit()  # POOL501


async def names(session: ReadSession, client: httpx.AsyncClient) -> list[str]:
    rows = await session.scalars(text("select name from orders"))
    await client.get("https://names.example")  # POOL401
    return list(rows)


async def rename(session: DBSession, name: str) -> None:
    session.execute(text("update orders set name = :n"), {"n": name})  # POOL501
    await session.commit()


async def count() -> int:
    async with sessions() as session:
        session.flush()  # POOL501
        return await session.scalar(text("select count(*) from orders"))


async def undo(session: "db.ShopSession") -> None:
    session.rollback()  # POOL501


def purge_sync(session: SyncShopSession) -> None:
    session.execute(text("delete from orders"))
    session.commit()


class OrderSession(ReadSession):
    async def forget(self) -> None:
        await self.execute(text("delete from orders"))


async def forget(session: OrderSession) -> None:
    await session.forget()
    session.commit()  # POOL501
