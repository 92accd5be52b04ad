from redis.asyncio import Redis


class Cache(Redis):
    async def prefixed(self, prefix: str) -> list[str]:
        return [key async for key in self.scan_iter(match=f"{prefix}*")]

    async def drop(self, prefix: str) -> None:
        async for key in self.scan_iter(match=f"{prefix}*"):
            await self.delete(key)


cache: Cache = Cache(host="cache")
