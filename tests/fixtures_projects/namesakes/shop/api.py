from fastapi import APIRouter

from shop.admin import AdminOrders
from shop.caches import the_cache
from shop.orders import Orders, refresh

router = APIRouter()
kinds = [AdminOrders, Orders]


@router.post("/orders")
def rebuild(orders):
    orders.rebuild()
    refresh()


@router.delete("/orders")
def delete_all():
    the_cache().purge()
