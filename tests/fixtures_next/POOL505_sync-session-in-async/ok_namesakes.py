import aiohttp
import requests
from neo4j import Session

from shop.database import SessionLocal, get_session


async def graph(session: Session) -> None:
    session.run("match (n) return n")


async def unknown() -> None:
    with SessionLocal() as session:
        session.execute("select 1")
    with get_session() as session:
        session.commit()


async def http(session: aiohttp.ClientSession) -> int:
    async with session.get("https://names.example") as answer:
        return answer.status


async def blocking() -> None:
    with requests.Session() as session:
        session.get("https://names.example")
