import asyncio

import probe
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

engine = create_engine(f"postgresql+psycopg://{probe.PLACE}", pool_pre_ping=True, pool_recycle=1800)
new_session = sessionmaker(engine)


def count_items():
    with new_session() as session:
        return session.scalar(text("select count(*) from items"))


async def proof():
    await asyncio.to_thread(count_items)
