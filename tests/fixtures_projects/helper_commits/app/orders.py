import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app import store
from app.store import commit_if, finish, read_and_end, save_all


async def add(session: AsyncSession, client: httpx.AsyncClient, name: str) -> None:
    await store.save(session, name)
    await client.post("https://hook.example", json={"name": name})


async def add_all(session: AsyncSession, client: httpx.AsyncClient, names: list[str]) -> None:
    await save_all(session, names)
    await client.post("https://hook.example", json={"names": names})


async def read(session: AsyncSession, client: httpx.AsyncClient) -> None:
    await session.execute(text("select 1"))
    await finish(session=session)
    await client.post("https://hook.example")


async def count(session: AsyncSession, client: httpx.AsyncClient) -> None:
    count = await read_and_end(session)
    await client.post("https://hook.example", json={"count": count})


async def perhaps(session: AsyncSession, client: httpx.AsyncClient, really: bool) -> None:
    await session.execute(text("select 1"))
    await commit_if(session, really)
    await client.post("https://hook.example")  # POOL401
