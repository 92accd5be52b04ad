import httpx
from sqlalchemy import text

from app.db import AsyncSessionLocal


async def rename(order_id: int, name: str) -> None:
    async with AsyncSessionLocal() as session:
        await session.execute(
            text("update orders set name = :n where id = :i"), {"n": name, "i": order_id}
        )
        session.commit()  # POOL501


async def ship(client: httpx.AsyncClient, order_id: int) -> None:
    async with AsyncSessionLocal() as db:
        address = await db.scalar(text("select address from orders where id = :i"), {"i": order_id})
        await client.post("https://ship.example", json={"to": address})  # POOL401


async def ship_right(client: httpx.AsyncClient, order_id: int) -> None:
    async with AsyncSessionLocal() as db:
        address = await db.scalar(text("select address from orders where id = :i"), {"i": order_id})
    await client.post("https://ship.example", json={"to": address})
