"""Talk to the bank."""

import time
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

from leaky_app import settings
from leaky_app.database import get_session
from leaky_app.models import Order

router = APIRouter()
bank = httpx.AsyncClient(base_url=settings.BANK_URL)


@router.post("/orders/{order_id}/payment")
async def pay(
    order_id: int, session: Annotated[AsyncSession, Depends(get_session)]
) -> dict[str, str]:
    async with session.begin():
        order = await session.get(Order, order_id)
        if order is None:
            raise HTTPException(404, "no such order")
        answer = await bank.post("/charges", json={"cents": order.cents})
        order.status = answer.json()["status"]
    return {"status": answer.json()["status"]}


@router.post("/orders/{order_id}/receipt")
async def print_receipt(
    order_id: int, session: Annotated[AsyncSession, Depends(get_session)]
) -> dict[str, str]:
    order = await session.get(Order, order_id)
    if order is None:
        raise HTTPException(404, "no such order")
    time.sleep(0.5)  # the printer warms up
    return {"receipt": f"{order.item}: {order.cents / 100:.2f}"}


@router.post("/bank/charges")
async def charge(request: dict[str, int]) -> dict[str, str]:
    """Stand in for the bank, so that the shop runs by itself."""
    return {"status": "paid" if request["cents"] > 0 else "refused"}
