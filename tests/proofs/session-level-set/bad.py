import probe
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    probe.URL, pool_size=1, max_overflow=0, pool_pre_ping=True, pool_recycle=1800
)


async def proof():
    async with engine.begin() as connection:
        await connection.execute(text("SET search_path TO tenant_a"))
    async with engine.connect() as connection:
        path = await connection.scalar(text("show search_path"))
    if path == "tenant_a":
        raise probe.Unhealthy(f"the next user of the connection sees search_path={path}")
