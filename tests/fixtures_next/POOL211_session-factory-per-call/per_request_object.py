from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
app = FastAPI()


class Orders:
    def __init__(self) -> None:
        self.sessions = sessionmaker(engine)  # POOL211

    def names(self) -> list[str]:
        with self.sessions() as session:
            return list(session.scalars(text("select name from orders")))


@app.get("/orders")
def orders(orders: Orders = Depends(Orders)) -> list[str]:
    return orders.names()
