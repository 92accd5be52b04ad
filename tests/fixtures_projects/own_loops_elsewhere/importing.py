from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from settings import URL


class Importer:
    async def users(self, path: str) -> None:
        await self._note(path, "users")

    async def orders(self, path: str) -> None:
        await self._note(path, "orders")

    async def _note(self, path: str, table: str) -> None:
        engine = create_async_engine(URL)
        try:
            async with engine.begin() as connection:
                await connection.execute(
                    text("insert into imports values (:p, :t)"), {"p": path, "t": table}
                )
        finally:
            await engine.dispose()
