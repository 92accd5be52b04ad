from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker


class Orders:
    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, pool_recycle=1800, pool_pre_ping=True)
        self.Session = sessionmaker(self.engine)

    async def add(self, name: str) -> None:
        with self.Session() as session:  # POOL505
            session.execute(text("insert into orders (name) values (:n)"), {"n": name})
            session.commit()

    def count(self) -> int:
        with self.Session() as session:
            return session.scalar(text("select count(*) from orders"))


class Users:
    def __init__(self, session: Session) -> None:
        self.session = session

    async def count(self) -> int:
        return self.session.scalar(text("select count(*) from users"))  # POOL505
