from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

OPTIONS = {"autoflush": False, "autocommit": True}
AUTOCOMMIT = True
engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
one = sessionmaker(engine, **OPTIONS)  # POOL316
two = sessionmaker(engine, autocommit=AUTOCOMMIT)  # POOL316
