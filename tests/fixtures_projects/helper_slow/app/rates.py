import time

import httpx
import requests


async def fetch_rate(currency: str) -> float:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"https://rates.example/{currency}")
    return answer.json()["rate"]


async def rate_of(currency: str) -> float:
    """Slow by way of another function."""
    if currency == "EUR":
        return 1.0
    return await fetch_rate(currency)


def blocking_rate(currency: str) -> float:
    return requests.get(f"https://rates.example/{currency}", timeout=9).json()["rate"]


def patient() -> None:
    time.sleep(30)


class RateClient:
    def __init__(self) -> None:
        self.http = httpx.AsyncClient(base_url="https://rates.example")

    async def get(self, currency: str) -> float:
        return (await self.http.get(f"/{currency}")).json()["rate"]

    def url(self, currency: str) -> str:
        return f"{self.http.base_url}/{currency}"


rates = RateClient()
