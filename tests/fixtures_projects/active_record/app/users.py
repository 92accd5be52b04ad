import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import User


async def create(session: AsyncSession, client: httpx.AsyncClient) -> None:
    user = await User.create(session, name="a")
    await client.post("https://hook.example", json={"id": user.id})  # POOL401


async def create_and_commit(session: AsyncSession, client: httpx.AsyncClient) -> None:
    user = await User.create_and_commit(session, name="a")
    await client.post("https://hook.example", json={"id": user.id})


async def by_name(session: AsyncSession, client: httpx.AsyncClient) -> None:
    user = await User.by_name(session, "a")
    await client.post("https://hook.example", json={"id": user.id})  # POOL401


async def save(session: AsyncSession, client: httpx.AsyncClient) -> None:
    user = User(name="a")
    await user.save(session)
    await client.post("https://hook.example", json={"id": user.id})  # POOL401
