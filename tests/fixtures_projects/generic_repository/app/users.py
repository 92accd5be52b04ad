import httpx
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.base import BaseRepository, BaseService
from app.models import User


class UserRepository(BaseRepository[User]):
    model = User

    async def purge(self) -> None:
        await self.session.execute(delete(User))
        self.session.commit()  # POOL501

    async def show(self, key: int, client: httpx.AsyncClient) -> None:
        found = await self.get(key)
        await client.post("https://hook.example", json={"id": found.id})  # POOL401

    async def make(self, name: str, client: httpx.AsyncClient) -> None:
        await self.session.execute(delete(User))
        made = await self.save(User(name=name))
        await client.post("https://hook.example", json={"name": name})


class UserService(BaseService):
    async def drop(self, key: int) -> None:
        found = await self.session.get(User, key)
        self.session.delete(found)  # POOL501
        await self.session.commit()


async def ship(session: AsyncSession, client: httpx.AsyncClient) -> None:
    users = UserRepository(session)
    found = await users.get(1)
    await client.post("https://hook.example", json={"id": found.id})  # POOL401


async def ship_later(session: AsyncSession, client: httpx.AsyncClient) -> None:
    users = UserRepository(session)
    found = await users.get(1)
    await users.save(found)
    await client.post("https://hook.example", json={"id": 1})
