"""What cannot be read is not known, and neither is what is not there."""

from sqlalchemy import text

from app.absent import engine as gone
from app.broken import engine
from app.half import make_engine


async def stop() -> None:
    engine.dispose()
    gone.dispose()


async def count() -> int:
    engine = make_engine()
    engine.dispose()  # POOL202
    async with make_engine().connect() as connection:
        return await connection.scalar(text("select count(*) from orders"))
