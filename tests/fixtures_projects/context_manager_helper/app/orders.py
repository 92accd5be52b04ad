import httpx
import requests
from sqlalchemy import text

from app import uow
from app.uow import UnitOfWork, open_session, sync_transaction, transaction


async def ship(client: httpx.AsyncClient) -> None:
    async with transaction() as session:
        address = await session.scalar(text("select address from orders where id = 1"))
        await client.post("https://ship.example", json={"to": address})  # POOL401


async def ship_first(client: httpx.AsyncClient) -> None:
    async with uow.transaction() as session:
        await client.post("https://ship.example")  # POOL402
        await session.execute(text("update orders set shipped = true where id = 1"))


async def rename(name: str) -> None:
    async with open_session() as session:
        session.execute(text("update orders set name = :n"), {"n": name})  # POOL501


async def begin_again() -> None:
    async with transaction() as session:
        async with session.begin():  # POOL404
            await session.execute(text("delete from orders"))


async def count(client: httpx.AsyncClient) -> None:
    async with UnitOfWork() as session:
        count = await session.scalar(text("select count(*) from orders"))
        await client.post("https://hook.example", json={"count": count})  # POOL401


def ship_sync() -> None:
    with sync_transaction() as session:
        address = session.scalar(text("select address from orders where id = 1"))
        requests.post("https://ship.example", json={"to": address}, timeout=9)  # POOL401


async def right(client: httpx.AsyncClient) -> None:
    async with transaction() as session:
        address = await session.scalar(text("select address from orders where id = 1"))
    await client.post("https://ship.example", json={"to": address})
