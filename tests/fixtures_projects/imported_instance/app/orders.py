import httpx
from fastapi import APIRouter, Depends
from sqlalchemy import text

from app.base import Service
from app.database import database

router = APIRouter()


class Orders(Service):
    async def purge(self) -> None:
        async with self.sessions() as session:
            await session.execute(text("delete from orders"))
            session.commit()  # POOL501

    async def count(self, client: httpx.AsyncClient) -> None:
        async with self.database.session() as session:
            count = await session.scalar(text("select count(*) from orders"))
            await client.post("https://hook.example", json={"count": count})  # POOL401


async def purge() -> None:
    async with database.session() as session:
        await session.execute(text("delete from orders"))
        session.commit()  # POOL501


async def purge_at_once() -> None:
    async with database.sessions.begin() as session:
        session.execute(text("delete from orders"))  # POOL501


async def write_through(client: httpx.AsyncClient) -> None:
    async with database.engine.begin() as connection:
        await client.post("https://hook.example")  # POOL401
        await connection.execute(text("delete from orders"))


@router.delete("/orders")
async def remove(session=Depends(database.get)) -> None:
    session.execute(text("delete from orders"))  # POOL501
    await session.commit()
