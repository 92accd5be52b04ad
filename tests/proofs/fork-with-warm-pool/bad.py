import asyncio
import multiprocessing
import queue

import probe
from sqlalchemy import create_engine, text

engine = create_engine(f"postgresql+psycopg://{probe.PLACE}", pool_pre_ping=True, pool_recycle=1800)
fork = multiprocessing.get_context("fork")
answers = fork.Queue()


def work(number):
    try:
        for _ in range(200):
            with engine.connect() as connection:
                found = connection.scalar(text(f"select {number}"))
            if found != number:
                raise probe.Unhealthy(f"asked for {number}, got {found}")
    except BaseException as error:
        answers.put(f"{type(error).__module__}.{type(error).__qualname__}: {error}")
    else:
        answers.put("")


def fork_workers():
    with engine.connect() as connection:
        connection.execute(text("select 1"))
    workers = [fork.Process(target=work, args=(number,), daemon=True) for number in (1, 2)]
    for worker in workers:
        worker.start()
    try:
        return [answers.get(timeout=5) for _ in workers]
    except queue.Empty:
        return ["no answer"]
    finally:
        for worker in workers:
            worker.kill()


async def proof():
    errors = [error for error in await asyncio.to_thread(fork_workers) if error]
    if errors:
        raise probe.Unhealthy(f"the forked processes failed or hung: {errors[0]}")
