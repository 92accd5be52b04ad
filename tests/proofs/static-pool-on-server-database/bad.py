import asyncio

import probe
from sqlalchemy import StaticPool, create_engine, text

engine = create_engine(f"postgresql+psycopg://{probe.PLACE}", poolclass=StaticPool)


def work():
    with engine.connect() as order:
        order.execute(text("insert into items (name) values ('second')"))
        with engine.connect() as other_request:
            other_request.execute(text("select 1"))
        order.commit()


async def proof():
    await asyncio.to_thread(work)
    if await probe.ask("select count(*) from items") != 2:
        raise probe.Unhealthy("the committed row is not there")
