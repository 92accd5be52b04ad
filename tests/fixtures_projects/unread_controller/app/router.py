from fastapi import APIRouter
from sqlalchemy import text

from app.controllers import total

router = APIRouter(prefix="/stats")


@router.get("/{network}")
def stats(network: str):
    return {"total": total(text("select sum(power) from facts"))}
