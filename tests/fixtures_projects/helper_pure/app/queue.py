from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def send_email(session: AsyncSession, to: str) -> None:
    """Puts a row into a table; a worker sends it."""
    await session.execute(text("insert into mails (receiver) values (:t)"), {"t": to})


class Outbox:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def publish(self, what: str) -> None:
        await self.session.execute(text("insert into outbox values (:w)"), {"w": what})
