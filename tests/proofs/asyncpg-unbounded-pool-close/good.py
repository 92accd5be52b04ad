import asyncio

import asyncpg
import probe


async def stop(pool: asyncpg.Pool):
    try:
        await asyncio.wait_for(pool.close(), timeout=0.5)
    except asyncio.TimeoutError:
        print("somebody was still at work")


async def proof():
    pool = await asyncpg.create_pool(f"postgresql://{probe.PLACE}", min_size=1, max_size=1)
    try:
        slow = asyncio.create_task(pool.execute("select pg_sleep(3)"))
        await asyncio.sleep(0.1)
        done, waiting = await asyncio.wait([asyncio.create_task(stop(pool))], timeout=1.5)
        slow.cancel()
        if waiting:
            raise probe.Unhealthy("close() is still waiting")
    finally:
        pool.terminate()
