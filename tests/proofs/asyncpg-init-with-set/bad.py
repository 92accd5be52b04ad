import asyncpg
import probe


async def prepare(connection: asyncpg.Connection):
    await connection.execute("SET timezone TO 'Asia/Tokyo'")


async def proof():
    pool = await asyncpg.create_pool(
        f"postgresql://{probe.PLACE}", min_size=1, max_size=1, init=prepare
    )
    try:
        seen = [await pool.fetchval("show timezone") for _ in range(3)]
    finally:
        await pool.close()
    if len(set(seen)) > 1:
        raise probe.Unhealthy(f"the timezone is {seen}")
