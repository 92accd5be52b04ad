from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
Session = sessionmaker(bind=engine.connect())  # POOL311
Other = sessionmaker(  # POOL311
    engine.connect(),
    autoflush=False,
)
