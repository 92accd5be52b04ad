from fastapi import APIRouter, Depends

from shop.dependencies import FacadeDep, OrdersDep
from shop.routines import archive_all, close_order, stock_left

router = APIRouter()


@router.get("/orders")
def count_orders(orders: OrdersDep):
    return orders.count()


@router.post("/notes")
def write_note(facade: FacadeDep, what: str):
    facade.note(what)


@router.post("/archive")
def archive():
    archive_all()


@router.post("/orders/{number}/close")
def close(number: int, order=Depends(OrdersDep)):
    if order.closed:
        return {"closed": False}
    else:
        close_order(number)
        return {"closed": True}


@router.get("/stock")
def left():
    return stock_left()
