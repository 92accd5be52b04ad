from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
first = sessionmaker(autocommit=True, bind=engine)  # POOL316
last = sessionmaker(engine, autocommit=True)  # POOL316
only = sessionmaker(autocommit=True)  # POOL316
two = sessionmaker(engine, pool_size=5, autoflush=False, max_overflow=10)  # POOL316
lines = sessionmaker(  # POOL316
    bind=engine,
    autocommit=True,
    autoflush=False,
)
