from sqlalchemy.ext.asyncio import AsyncSession

from app.mail import render, send_mail
from app.models import Order


async def tell(session: AsyncSession, order: Order) -> None:
    await session.refresh(order)
    send_mail(order.email, render(order))  # POOL403


async def tell_here(session: AsyncSession, order: Order) -> None:
    from app.mail import send_mail as send

    await session.refresh(order)
    send(order.email, "paid")  # POOL403


async def preview(session: AsyncSession, order: Order) -> str:
    await session.refresh(order)
    return render(order)


async def tell_after(session: AsyncSession, order: Order) -> None:
    await session.refresh(order)
    await session.commit()
    send_mail(order.email, render(order))
