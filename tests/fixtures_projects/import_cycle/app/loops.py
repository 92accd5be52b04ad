"""Names that lead round in circles, and functions that call each other."""

from app.again import endless
from app.again import nothing as nothing
from app.models import Order, count


async def there(session) -> int:
    if session.info.get("twice"):
        return await count()
    return await back(session)


async def back(session) -> int:
    session.info["twice"] = True
    return await there(session)


async def save(order: Order) -> None:
    async with endless() as session:
        session.commit()
