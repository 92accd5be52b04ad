from fastapi import APIRouter

from app.controllers import total as network_total
from app.reports import report

router = APIRouter(prefix="/stats")


@router.get("/{network}")
async def stats(network: str):
    return {"total": await network_total(network)}


@router.get("/report")
async def whole_report():
    return {"total": await report()}  # POOL201
