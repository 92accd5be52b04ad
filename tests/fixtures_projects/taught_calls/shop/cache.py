import httpx

client = httpx.AsyncClient()


async def get(key):
    return await client.get(key)


async def fetch(key):
    return await client.get(key)


class Cache:
    async def read(self, key):
        return await client.get(key)
