from shop.db import for_scripts
from shop.models import Order


async def nightly() -> None:
    async for session in for_scripts():
        session.add(Order(name="nightly"))
