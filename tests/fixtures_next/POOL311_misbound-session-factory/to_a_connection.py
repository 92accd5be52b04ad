from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
Session = sessionmaker(bind=engine.connect())  # POOL311
Other = sessionmaker(engine.connect(), autoflush=False)  # POOL311

connection = engine.connect()
Third = sessionmaker(bind=connection)  # POOL311


class Database:
    def __init__(self) -> None:
        self.connection = engine.connect()
        self.sessions = sessionmaker(bind=self.connection)  # POOL311
