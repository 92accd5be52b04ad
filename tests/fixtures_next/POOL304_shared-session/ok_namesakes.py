import aiohttp
import requests
from boto3 import Session
from requests import Session as HttpSession
from sqlalchemy import create_engine

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
session = requests.Session()
aws = Session()
http = HttpSession()


class Client:
    session = requests.Session()

    def __init__(self, session=HttpSession()) -> None:
        self.http = session


async def fetch(session: aiohttp.ClientSession) -> str:
    async with session.get("https://names.example") as answer:
        return await answer.text()
