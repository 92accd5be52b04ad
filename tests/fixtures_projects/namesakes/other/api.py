from fastapi import APIRouter

from other.admin import refresh

router = APIRouter()


@router.post("/other")
def other():
    refresh()
