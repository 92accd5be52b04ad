from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
db = scoped_session(sessionmaker(autocommit=True, bind=engine))  # POOL316
