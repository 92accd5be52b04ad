from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
first = sessionmaker(bind=engine)
last = sessionmaker(engine)
only = sessionmaker()
two = sessionmaker(engine, autoflush=False)
lines = sessionmaker(
    bind=engine,
    autoflush=False,
)
