import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(probe.URL, pool_pre_ping=True, pool_recycle=1800)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def count_items(session=new_session()):
    return await session.scalar(text("select count(*) from items"))


async def proof():
    await count_items()
    if out := engine.pool.checkedout():
        raise probe.Unhealthy(f"still checked out after the call: {out}")
