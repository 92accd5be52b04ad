import aiohttp
import requests
from neo4j import AsyncSession, GraphDatabase
from sqlalchemy import create_engine, text

from shop.database import SessionLocal, get_session
from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


async def fetch() -> str:
    async with aiohttp.ClientSession() as session, session.get("https://names.example") as answer:
        return await answer.text()


def graph(driver: GraphDatabase) -> None:
    with driver.session() as session:
        session.run("match (n) return n")


async def other_driver(session: AsyncSession) -> None:
    async with session:
        await session.run("match (n) return n")


def http() -> str:
    with requests.Session() as session:
        return session.get("https://names.example").text


def unknown() -> int:
    with SessionLocal() as session, get_session() as other:
        return session.scalar(text("select 1")) + other.scalar(text("select 1"))
