from app.db import (
    engine,
    get_administration,
    get_session,
    maintenance,
    new_async_session,
    new_session,
    read_session,
    session_scope,
)
from app.helpers import REMOVE, place, place_and_commit, remember, save
from app.models import Order
from sqlalchemy import text


def on_a_connection() -> None:
    with engine.connect() as connection:  # POOL405
        place(connection, "a")


def committed_there() -> None:
    with engine.connect() as connection:
        place_and_commit(connection, "a")


def by_a_constant() -> None:
    with engine.connect() as connection:  # POOL405
        connection.execute(REMOVE)


def autocommit() -> None:
    with maintenance.connect() as connection:
        connection.execute(text("DELETE FROM orders"))
    with get_administration().connect() as connection:
        connection.execute(text("DELETE FROM orders"))


def on_a_session() -> None:
    with new_session() as session:  # POOL406
        session.add(Order(name="a"))


async def by_a_helper() -> None:
    async with new_async_session() as session:  # POOL406
        await remember(session, "a")


async def committed_by_a_helper() -> None:
    async with new_async_session() as session:
        await save(session, "a")


def of_a_block_that_only_closes() -> None:
    with read_session() as session:  # POOL406
        session.add(Order(name="a"))


async def of_an_async_one() -> None:
    async with get_session() as session:  # POOL406
        session.add(Order(name="a"))


def of_a_block_that_commits() -> None:
    with session_scope() as session:
        session.add(Order(name="a"))


async def committed_in_the_block(name: str) -> None:
    async with new_async_session.begin() as session:
        await save(session, name)
        await remember(session, name)  # POOL407


async def committed_while_streaming() -> None:
    async with new_async_session() as session:
        async for row in await session.stream(text("SELECT name FROM orders")):
            await save(session, row.name)  # POOL413
