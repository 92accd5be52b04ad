"""The slow work is done by somebody the project has made itself, or by a bot."""

from aiogram import Bot
from aiogram.types import Message
from langgraph.graph import StateGraph
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from shop.mail import Mailer, mailer
from shop.models import Order

graph = StateGraph(dict)
agent = graph.compile()


async def ask(sessions: async_sessionmaker[AsyncSession], question: str) -> None:
    async with sessions() as session:
        history = list(await session.scalars(text("select answer from answers")))
        answer = await agent.ainvoke({"question": question, "history": history})  # POOL401
        await session.execute(text("insert into answers values (:a)"), {"a": str(answer)})
        await session.commit()


async def confirm(session: AsyncSession, order_id: int) -> None:
    order = await session.get(Order, order_id)
    await mailer.send("shipped", order.email)  # POOL401


async def confirm_by(session: AsyncSession, mail: Mailer, order_id: int) -> None:
    order = await session.get(Order, order_id)
    await mail.send("shipped", order.email)  # POOL401


async def answer(message: Message, session: AsyncSession) -> None:
    count = await session.scalar(text("select count(*) from orders"))
    await message.answer(f"{count} orders")  # POOL401


async def tell(bot: Bot, session: AsyncSession) -> None:
    count = await session.scalar(text("select count(*) from orders"))
    await bot.send_message(1, f"{count} orders")  # POOL401
