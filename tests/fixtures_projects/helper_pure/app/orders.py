from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.hashing import generate_content_hash, generate_summary, notify
from app.queue import Outbox, send_email


async def ship(session: AsyncSession) -> str:
    outbox = Outbox(session)
    async with session.begin():
        rows = list(await session.scalars(text("select name from orders")))
        await send_email(session, rows[0])
        await outbox.publish("shipped")
        await notify(rows)
        summary = await generate_summary({"rows": rows})
        return generate_content_hash(summary)
