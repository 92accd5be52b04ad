from sqlalchemy import text

from app.db import new_session


async def count_users():
    async with new_session() as session:
        return await session.scalar(text("select count(*) from users"))


async def count_all():
    return {"users": await count_users()}
