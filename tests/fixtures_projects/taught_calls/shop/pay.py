import acme
from lib import tools
from sqlalchemy.ext.asyncio import AsyncSession

from . import audit, mail
from .cache import Cache, fetch, get
from .mail import confirm, render, send

client = acme.Client()
cache = Cache()


async def own(session: AsyncSession, order):
    await session.refresh(order)
    await send(order)  # POOL401


async def by_module(session: AsyncSession, order):
    await session.refresh(order)
    await mail.send(order)  # POOL401


async def another(session: AsyncSession, order):
    await session.refresh(order)
    await render(order)


async def by_helper(session: AsyncSession, order):
    await session.refresh(order)
    await confirm(order)  # POOL401


async def any_of_a_module(session: AsyncSession, order):
    await session.refresh(order)
    audit.record(order)  # POOL403


async def method(session: AsyncSession, order):
    await session.refresh(order)
    await client.push(order)  # POOL401


async def settled(session: AsyncSession, order):
    await session.refresh(order)
    await get(order)


async def settled_method(session: AsyncSession, order):
    await session.refresh(order)
    await cache.read(order)


async def not_settled(session: AsyncSession, order):
    await session.refresh(order)
    await fetch(order)  # POOL401


async def settled_by_a_pattern(session: AsyncSession, order):
    await session.refresh(order)
    await tools.local(order)


async def not_by_that_pattern(session: AsyncSession, order):
    await session.refresh(order)
    await tools.distant(order)  # POOL401
