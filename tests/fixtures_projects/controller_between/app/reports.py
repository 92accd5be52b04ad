import os

from sqlalchemy import create_engine, text

from app.db import get_database_engine

archive = create_engine(os.environ["ARCHIVE_URL"], pool_recycle=1800, pool_pre_ping=True)


async def report() -> float:
    engine = get_database_engine()
    async with engine.connect() as connection:
        return await connection.scalar(text("select sum(power) from facts"))
