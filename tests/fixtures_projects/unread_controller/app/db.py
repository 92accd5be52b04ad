import os

from sqlalchemy import create_engine


def get_database_engine():
    return create_engine(os.environ["DATABASE_URL"], pool_recycle=1800, pool_pre_ping=True)  # POOL201
