import asyncio

import probe
from sqlalchemy import create_engine, text

engine = create_engine(f"postgresql+psycopg://{probe.PLACE}", pool_pre_ping=True, pool_recycle=1800)


def count_items():
    with engine.connect() as connection:
        return connection.scalar(text("select count(*) from items"))


async def proof():
    try:
        await asyncio.to_thread(count_items)
    finally:
        engine.dispose()
