import asyncio

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from app import store
from app.store import count, save, save_or_undo, start_over


async def add_all(session: AsyncSession, names: list[str]) -> None:
    for name in names:
        try:
            await save(session, name)
        except DBAPIError:  # POOL409
            print("not added", name)


async def add(session: AsyncSession, name: str) -> None:
    for _ in range(3):
        try:
            await store.save(session, name)
            return
        except Exception:  # POOL409
            print("once more")


async def the_helper_rolls_back(session: AsyncSession, names: list[str]) -> None:
    for name in names:
        try:
            await save_or_undo(session, name)
        except DBAPIError:
            print("not added", name)


async def the_handler_rolls_back(session: AsyncSession, names: list[str]) -> None:
    for name in names:
        try:
            await save(session, name)
        except DBAPIError:
            await start_over(session)


async def ask() -> int:
    for _ in range(3):
        try:
            return await count()
        except OperationalError:  # POOL410
            await asyncio.sleep(1)
    return 0
