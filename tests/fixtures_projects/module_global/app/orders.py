import httpx
from sqlalchemy import text

from app import db


async def rename(name: str) -> None:
    async with db.sessions() as session:
        await session.execute(text("update orders set name = :n"), {"n": name})
        session.commit()  # POOL501


async def ship(client: httpx.AsyncClient) -> None:
    async with db.pool.acquire() as connection:
        address = await connection.fetchval("select address from orders where id = 1")
        await client.post("https://ship.example", json={"to": address})  # POOL401


async def stop() -> None:
    if db.engine is not None:
        db.engine.dispose()  # POOL202
