import asyncio

import probe
from sqlalchemy import create_engine, text


def work():
    engine = create_engine(
        f"postgresql+psycopg://{probe.PLACE}",
        connect_args={"server_settings": {"statement_timeout": "30000"}},
    )
    try:
        with engine.connect() as connection:
            connection.execute(text("select 1"))
    finally:
        engine.dispose()


async def proof():
    await asyncio.to_thread(work)
