import asyncio
import multiprocessing
import os

import probe
from sqlalchemy import create_engine, text

engine = create_engine(f"postgresql+psycopg://{probe.PLACE}", pool_recycle=1800)


def forget_connections():
    engine.dispose()


os.register_at_fork(after_in_child=forget_connections)


def fork_worker():
    with engine.connect() as connection:
        connection.execute(text("select 1"))
    worker = multiprocessing.get_context("fork").Process(target=print)
    worker.start()
    worker.join()
    with engine.connect() as connection:
        connection.execute(text("select 1"))


async def proof():
    await asyncio.to_thread(fork_worker)
