"""Take orders, change them, cancel them."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from leaky_app.database import get_session
from leaky_app.models import Order

router = APIRouter(prefix="/orders")


class OrderIn(BaseModel):
    item: str
    cents: int


class OrderOut(OrderIn):
    model_config = ConfigDict(from_attributes=True)

    id: int
    status: str


@router.get("")
async def list_orders(
    session: Annotated[AsyncSession, Depends(get_session)],
) -> list[OrderOut]:
    orders = await session.scalars(select(Order).order_by(Order.id))
    return [OrderOut.model_validate(order) for order in orders]


@router.post("", status_code=201)
async def create_order(
    new: OrderIn, session: Annotated[AsyncSession, Depends(get_session)]
) -> OrderOut:
    order = Order(item=new.item, cents=new.cents)
    session.add(order)
    await session.flush()
    answer = OrderOut.model_validate(order)
    await session.commit()
    return answer


@router.put("/{order_id}")
async def change_order(
    order_id: int,
    change: OrderIn,
    session: Annotated[AsyncSession, Depends(get_session)],
) -> OrderOut:
    order = await session.get(Order, order_id)
    if order is None:
        raise HTTPException(404, "no such order")
    order.item = change.item
    order.cents = change.cents
    session.commit()
    return OrderOut.model_validate(order)


@router.delete("/{order_id}")
async def cancel_order(
    order_id: int, session: Annotated[AsyncSession, Depends(get_session)]
) -> dict[str, str]:
    order = await session.get(Order, order_id)
    if order is None:
        raise HTTPException(404, "no such order")
    async with session.begin():
        await session.delete(order)
    return {"status": "cancelled"}
