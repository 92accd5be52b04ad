from contextlib import AsyncExitStack
from typing import Annotated, Any

import acme_db
import httpx
from acme_db import Unit, session, sessions
from fastapi import Depends
from shop.container import Container
from wires import Provide

client = httpx.AsyncClient()
Given = Annotated[Any, Depends(session)]


async def entered():
    async with session() as db:
        row = await db.get(1)
        await client.get("/")  # POOL401
    await client.get("/")
    return row


async def nothing_held_yet():
    async with session() as db:
        await client.get("/")
        await db.get(1)


async def given_back():
    async with session() as db:
        await db.get(1)
        await db.commit()
        await client.get("/")


async def called():
    db = acme_db.session()
    await db.get(1)
    await client.get("/")  # POOL401


async def awaited():
    db = await session()
    await db.get(1)
    await client.get("/")  # POOL401


async def iterated():
    async for db in session():
        await db.get(1)
        await client.get("/")  # POOL401
    await client.get("/")


async def a_class():
    async with Unit() as unit:
        await unit.get(1)
        await client.get("/")  # POOL401


async def on_a_stack():
    async with AsyncExitStack() as stack:
        unit = await stack.enter_async_context(session())
        await unit.get(1)
        await client.get("/")  # POOL401


def plain():
    with sessions.plain() as db:
        db.get(1)
        httpx.get("/")  # POOL401


async def by_default(it=Depends(session)):
    await it.get(1)
    await client.get("/")  # POOL401


async def by_annotation(it: Given):
    await it.get(1)
    await client.get("/")  # POOL401


async def wired(it=Depends(Provide[Container.session])):
    await it.get(1)
    await client.get("/")  # POOL401


async def wired_at_once(it=Provide[Container.session]):
    await it.get(1)
    await client.get("/")  # POOL401


async def wired_to_another(it=Provide[Container.settings]):
    await it.get(1)
    await client.get("/")


async def asked_of_the_container(container: Container):
    it = container.session()
    await it.get(1)
    await client.get("/")  # POOL401


async def lost():
    async with session() as db:
        db.add(1)
        db.commit()  # POOL501


async def plain_in_a_coroutine():
    with session() as db:
        db.get(1)  # POOL505
        db.commit()


async def plain_by_its_query():
    async with session() as db:
        db.query(1).all()
        db.commit()


async def nobody_knows_which():
    db = session()
    db.get(1)
    db.commit()


async def async_in_a_plain_block():
    with session() as db:
        await db.get(1)


async def one_while_another_is_held(db=Depends(session)):
    await db.get(1)
    other = await session()
    await other.close()


async def another_function():
    it = acme_db.cache()
    await it.get(1)
    await client.get("/")
