from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
Session = sessionmaker(bind=engine)
Other = sessionmaker(
    engine,
    autoflush=False,
)
