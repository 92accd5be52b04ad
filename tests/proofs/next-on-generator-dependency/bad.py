import asyncio
import gc

import probe
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

engine = create_engine(
    f"postgresql+psycopg://{probe.PLACE}",
    pool_size=2,
    max_overflow=0,
    pool_timeout=1,
    pool_pre_ping=True,
    pool_recycle=1800,
)
new_session = sessionmaker(engine)
# Under load the collector comes too late; here it must not come by chance.
gc.disable()


def get_session():
    session = new_session()
    try:
        yield session
    finally:
        session.close()


def count_items():
    session = next(get_session())
    return session.scalar(text("select count(*) from items"))


async def proof():
    for _ in range(3):
        await asyncio.to_thread(count_items)
