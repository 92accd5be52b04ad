import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session


def charge(session: Session, order_id: int):
    order = session.scalars(select(Order).where(Order.id == order_id)).one()
    return httpx.post(order.url)  # POOL401


def announce(session: Session, url: str):
    httpx.post(url)
    session.scalars(select(Order)).all()
