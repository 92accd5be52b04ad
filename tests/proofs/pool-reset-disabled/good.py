import asyncio

import probe
from sqlalchemy import create_engine, text

engine = create_engine(
    f"postgresql+psycopg://{probe.PLACE}",
    pool_recycle=1800,
)


def work():
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("insert into items (name) values ('given up')")
    finally:
        connection.close()
    with engine.connect() as next_user:
        return next_user.execute(text("select count(*) from items where id > 1")).scalar()


async def proof():
    seen = await asyncio.to_thread(work)
    if seen:
        raise probe.Unhealthy(f"the next user sees {seen} uncommitted rows")
