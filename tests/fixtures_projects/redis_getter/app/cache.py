import os
from functools import lru_cache

import redis
import redis.asyncio as aioredis


@lru_cache
def get_redis() -> aioredis.Redis:
    return aioredis.from_url(os.environ["REDIS"])


def sync_redis() -> redis.Redis:
    return redis.Redis.from_url(os.environ["REDIS"])


async def get_client():
    return aioredis.Redis(host=os.environ["REDIS_HOST"])
