import httpx
from fastapi import APIRouter, Depends
from sqlalchemy import text

from app.deps import SessionDep, SyncSessionDep, get_session
from app.deps import SessionDep as DB

router = APIRouter()


@router.post("/orders")
async def add_order(session: SessionDep, name: str) -> None:
    await session.execute(text("insert into orders (name) values (:n)"), {"n": name})
    session.commit()  # POOL501


@router.get("/orders/{order_id}/label")
async def label(db: DB, order_id: int) -> str:
    address = await db.scalar(text("select address from orders where id = :i"), {"i": order_id})
    async with httpx.AsyncClient() as client:
        answer = await client.post("https://label.example", json={"to": address})  # POOL401
    return answer.text


@router.delete("/orders/{order_id}")
async def remove(order_id: int, session=Depends(get_session)) -> None:
    session.execute(text("delete from orders where id = :i"), {"i": order_id})  # POOL501
    await session.commit()


@router.put("/orders/{order_id}")
def rename(session: SyncSessionDep, order_id: int, name: str) -> None:
    session.execute(
        text("update orders set name = :n where id = :i"), {"n": name, "i": order_id}
    )
    session.commit()
