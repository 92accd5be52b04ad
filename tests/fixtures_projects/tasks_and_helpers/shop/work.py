import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from shop.db import new_session

_LOCK = asyncio.Lock()


async def load(session: AsyncSession, number: int):
    return await session.scalar(text("select :number"), {"number": number})


async def load_through_another(session, number: int):
    return await load(session, number)


async def load_in_turn(session: AsyncSession, number: int):
    async with _LOCK:
        return await load(session, number)


async def load_alone(number: int):
    async with new_session() as session:
        return await load(session, number)


async def only_label(session: AsyncSession, number: int):
    return f"{id(session)}-{number}"


async def finish(session: AsyncSession):
    await session.close()


def load_sync(session: Session, number: int):
    return session.scalar(text("select :number"), {"number": number})


class Repository:
    def __init__(self, session: AsyncSession):
        self._session = session

    async def load(self, number: int):
        return await self._session.scalar(text("select :number"), {"number": number})

    async def label(self, number: int):
        return f"item {number}"
