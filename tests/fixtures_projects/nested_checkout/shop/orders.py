from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop import audit as auditing
from shop.audit import audit, audit_elsewhere, audit_with, notify
from shop.db import get_session, session_scope, sessions
from shop.models import Order

router = APIRouter()


async def ship(order_id: int) -> None:
    async with sessions() as session:
        order = await session.get(Order, order_id)
        await audit(order.name)  # POOL412
        await session.commit()


async def ship_in_scope(order_id: int) -> None:
    async with session_scope() as session:
        order = await session.get(Order, order_id)
        await auditing.audit(order.name)  # POOL412
        await session.commit()


@router.post("/orders/{order_id}")
async def handle(order_id: int, session: AsyncSession = Depends(get_session)):
    order = await session.get(Order, order_id)
    await notify(order.name)  # POOL412
    await session.commit()
    return {"name": order.name}


@router.post("/others/{order_id}")
async def handle_well(order_id: int, session: AsyncSession = Depends(get_session)):
    order = await session.get(Order, order_id)
    await audit_elsewhere(order.name)
    await audit_with(session, order.name)
    await session.commit()
    await audit(order.name)
    return {"name": order.name}
