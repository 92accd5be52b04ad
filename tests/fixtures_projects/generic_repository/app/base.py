from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

ModelT = TypeVar("ModelT")


class BaseRepository(Generic[ModelT]):
    model: type[ModelT]

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, key: int) -> ModelT | None:
        return await self.session.get(self.model, key)

    async def all(self) -> list[ModelT]:
        return list(await self.session.scalars(select(self.model)))

    async def save(self, made: ModelT) -> ModelT:
        self.session.add(made)
        await self.session.commit()
        return made


class BaseService:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @property
    def session(self) -> AsyncSession:
        return self._session
