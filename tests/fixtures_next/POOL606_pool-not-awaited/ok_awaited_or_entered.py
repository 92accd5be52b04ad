import asyncio
from contextlib import AsyncExitStack

import asyncpg

from shop.settings import DSN


async def awaited() -> int:
    pool = await asyncpg.create_pool(DSN)
    try:
        return await pool.fetchval("select 1")
    finally:
        await pool.close()


async def entered() -> int:
    async with asyncpg.create_pool(DSN) as pool:
        return await pool.fetchval("select 1")


async def entered_later() -> int:
    pool = asyncpg.create_pool(DSN)
    async with pool:
        return await pool.fetchval("select 1")


async def awaited_later() -> int:
    pool = asyncpg.create_pool(DSN)
    await pool
    try:
        return await pool.fetchval("select 1")
    finally:
        await pool.close()


async def on_a_stack() -> int:
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(asyncpg.create_pool(DSN))
        return await pool.fetchval("select 1")


async def in_time() -> int:
    pool = await asyncio.wait_for(asyncpg.create_pool(DSN), 5)
    try:
        return await pool.fetchval("select 1")
    finally:
        await pool.close()


async def chosen(small: bool) -> int:
    pool = await (asyncpg.create_pool(DSN, max_size=10) if small else asyncpg.create_pool(DSN))
    try:
        return await pool.fetchval("select 1")
    finally:
        await pool.close()
