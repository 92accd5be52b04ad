import httpx
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.store import Store


async def count(factory: async_sessionmaker[AsyncSession], client: httpx.AsyncClient) -> None:
    async with factory() as session:
        number = await Store(session=session).count()
    await client.post("https://hook.example", json={"count": number})


async def save(session: AsyncSession, client: httpx.AsyncClient, name: str) -> None:
    store = Store(session)
    await store.count()
    await store.save(name)
    await client.post("https://hook.example", json={"name": name})


async def too_early(session: AsyncSession, client: httpx.AsyncClient) -> None:
    store = Store(session=session, limit=3)
    number = await store.count()
    await client.post("https://hook.example", json={"count": number})  # POOL401
