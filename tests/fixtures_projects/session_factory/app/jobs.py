import requests
from app import db
from app.db import SessionLocal as Session
from sqlalchemy import text


def rename(order_id: int, name: str) -> None:
    with Session() as session:
        session.execute(
            text("update orders set name = :n where id = :i"), {"n": name, "i": order_id}
        )
        session.commit()


def ship(order_id: int) -> None:
    with db.SessionLocal() as session:
        address = session.scalar(text("select address from orders where id = :i"), {"i": order_id})
        requests.post("https://ship.example", json={"to": address}, timeout=9)  # POOL401


def ship_first(order_id: int) -> None:
    with Session.begin() as session:
        requests.post("https://ship.example", timeout=9)  # POOL402
        session.execute(text("update orders set shipped = true where id = :i"), {"i": order_id})
