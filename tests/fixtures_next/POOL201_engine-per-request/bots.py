import discord
from aiogram import Dispatcher, Router
from aiogram.filters import Command
from aiogram.types import Message
from discord.ext import commands
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from shop.settings import settings

router = Router()
dispatcher = Dispatcher()
bot = commands.Bot(command_prefix="!", intents=discord.Intents.default())


@router.message(Command("count"))
async def count(message: Message) -> None:
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    async with engine.connect() as connection:
        total = await connection.scalar(text("select count(*) from orders"))
    await message.answer(str(total))


@dispatcher.callback_query()
async def pressed(query) -> None:
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    async with engine.begin() as connection:
        await connection.execute(text("update totals set n = n + 1"))


@bot.command()
async def orders(ctx) -> None:
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    async with engine.connect() as connection:
        total = await connection.scalar(text("select count(*) from orders"))
    await ctx.send(str(total))


@bot.event
async def on_message(message) -> None:
    engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
    async with engine.begin() as connection:
        await connection.execute(text("update totals set n = n + 1"))


@bot.event
async def on_ready() -> None:
    bot.engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
