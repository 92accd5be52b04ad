from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import get_session
from shop.deps import BlockDep, EarlyDep
from shop.models import Order

router = APIRouter()


@router.post("/orders")
async def create(name: str, session: AsyncSession = Depends(get_session)):
    session.add(Order(name=name))
    return {"saved": True}


@router.post("/early")
async def create_early(name: str, session: EarlyDep):
    session.add(Order(name=name))
    return {"saved": True}


@router.post("/block")
async def create_in_block(name: str, session: BlockDep):
    session.add(Order(name=name))
    return {"saved": True}
