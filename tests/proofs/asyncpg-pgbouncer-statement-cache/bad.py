import asyncio

import asyncpg
import probe


async def proof():
    async with probe.Pooler() as pooler:
        async with asyncpg.create_pool(f"postgresql://{pooler.place}", max_size=10) as pool:
            queries = (pool.fetchval("select $1::int", number) for number in range(200))
            answers = await asyncio.gather(*queries, return_exceptions=True)
        wrong = [answer for answer in answers if isinstance(answer, Exception)]
        if wrong:
            raise wrong[0]
