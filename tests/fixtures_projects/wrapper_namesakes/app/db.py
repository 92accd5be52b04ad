import os

from app.engines import create_async_engine

engine = create_async_engine(os.environ["URL"])


async def stop() -> None:
    engine.dispose()  # POOL202
