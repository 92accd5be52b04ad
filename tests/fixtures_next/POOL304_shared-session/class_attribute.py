from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(bind=engine)


class Repository:
    session = SessionLocal()  # POOL304
    replica: Session = Session(engine)  # POOL304

    def count(self) -> int:
        return self.session.scalar(text("select count(*) from orders"))


class Orders(Repository):
    table = "orders"
