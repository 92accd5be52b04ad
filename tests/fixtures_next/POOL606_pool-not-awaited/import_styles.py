import asyncpg as apg
import asyncpg.pool
from asyncpg import create_pool as new_pool

from shop.settings import DSN


async def by_alias() -> int:
    pool = apg.create_pool(DSN)  # POOL606
    try:
        return await pool.fetchval("select 1")
    finally:
        await pool.close()


async def by_name() -> int:
    pool = new_pool(DSN)  # POOL606
    try:
        return await pool.fetchval("select 1")
    finally:
        await pool.close()


async def by_module() -> int:
    pool = asyncpg.pool.create_pool(DSN)  # POOL606
    try:
        return await pool.fetchval("select 1")
    finally:
        await pool.close()
