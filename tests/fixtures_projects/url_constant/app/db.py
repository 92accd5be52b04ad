from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from app import config
from app.config import MEMORY, SERVER, SQLITE, url_of

one = create_async_engine(SQLITE)
two = create_engine(MEMORY)
three = create_async_engine(config.SQLITE)
four = create_async_engine(SERVER)  # POOL101 POOL102
five = create_async_engine(url_of("shop"), pool_pre_ping=True)  # POOL101
