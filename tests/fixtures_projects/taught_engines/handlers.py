from shop import registry
from shop.kept import get_engine, get_lazily
from shop.registry import another, fresh, passed_on


@router.get("/a")
async def own():
    return fresh("orders")  # POOL201


@router.get("/b")
async def by_module():
    return registry.fresh("orders")  # POOL201


@router.get("/c")
async def by_helper():
    return passed_on("orders")  # POOL201


@router.get("/d")
async def by_another_name():
    return another("orders")  # POOL201


@router.get("/e")
async def kept():
    return get_engine(), get_lazily("postgresql://db/shop")
