from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.crud import put, save
from shop.db import get_session
from shop.deps import PlainDep, SessionDep
from shop.models import Order

router = APIRouter()


@router.post("/orders")
async def create(
    name: str, session: AsyncSession = Depends(get_session, scope="function")
):
    order = Order(name=name)
    session.add(order)
    await session.commit()  # POOL414
    await session.refresh(order)
    return order


@router.post("/saved")
async def create_saved(name: str, session: SessionDep):
    return await save(session, Order(name=name))  # POOL414


@router.post("/put")
async def create_put(name: str, session: SessionDep):
    return await put(session, Order(name=name))


@router.post("/plain")
async def create_plain(name: str, session: PlainDep):
    return await save(session, Order(name=name))
