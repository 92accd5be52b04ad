import asyncpg
import probe

OPEN = "select count(*) from pg_stat_activity where usename = current_user"


def open_connections(pool: asyncpg.Pool):
    return len(pool._holders)


def free_connections(pool: asyncpg.Pool):
    return pool._queue.qsize()


async def proof():
    pool = await asyncpg.create_pool(f"postgresql://{probe.PLACE}", min_size=1, max_size=10)
    async with pool.acquire() as connection:
        opened, free = open_connections(pool), free_connections(pool)
        there = await connection.fetchval(OPEN)
    if opened != there:
        raise probe.Unhealthy(
            f"len(pool._holders) is {opened}, pool._queue.qsize() is {free}, and the server has "
            f"{there} connection"
        )
