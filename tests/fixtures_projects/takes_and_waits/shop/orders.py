"""What takes the connection and waits is reported where it does; what only waits, here."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.billing import announce, charge


def pay(session: Session, order_id: int):
    return charge(session, order_id)


def pay_and_announce(session: Session):
    order = session.scalars(select(Order)).one()
    announce(session, order.url)  # POOL401
