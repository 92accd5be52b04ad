from sqlalchemy import create_engine

from shop.config import settings

engine = create_engine(settings.database_url, pool_pre_ping=True, pool_recycle=1800)
