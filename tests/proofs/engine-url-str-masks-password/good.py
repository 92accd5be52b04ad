import probe
from sqlalchemy import create_engine

engine = create_engine(
    "postgresql+psycopg://app:secret@db.internal/shop", pool_recycle=1800, pool_pre_ping=True
)
again = create_engine(engine.url, pool_recycle=1800, pool_pre_ping=True)


async def proof():
    if again.url.password != "secret":
        raise probe.Unhealthy(f"password is {again.url.password!r}")
