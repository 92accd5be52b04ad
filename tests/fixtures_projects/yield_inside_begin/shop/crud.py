from shop.models import Order


async def save(session, order: Order) -> Order:
    session.add(order)
    await session.commit()
    await session.refresh(order)
    return order


async def put(session, order: Order) -> Order:
    session.add(order)
    await session.flush()
    await session.refresh(order)
    return order
