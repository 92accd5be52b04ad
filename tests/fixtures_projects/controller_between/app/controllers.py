from sqlalchemy import text

from app.db import get_database_engine


async def total(network: str) -> float:
    engine = get_database_engine()  # POOL201
    async with engine.connect() as connection:
        return await connection.scalar(text("select sum(power) from facts"))
