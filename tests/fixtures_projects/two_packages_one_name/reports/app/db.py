import os

from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine(os.environ["URL"], pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)
