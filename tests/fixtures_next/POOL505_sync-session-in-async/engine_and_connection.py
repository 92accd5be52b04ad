from sqlalchemy import Connection, Engine, create_engine, text

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


async def health() -> bool:
    with engine.connect() as connection:  # POOL505
        return bool(connection.scalar(text("select 1")))


async def purge(engine: Engine) -> None:
    with engine.begin() as connection:  # POOL505
        connection.execute(text("delete from orders"))


async def count(connection: Connection) -> int:
    return connection.scalar(text("select count(*) from orders"))  # POOL505
