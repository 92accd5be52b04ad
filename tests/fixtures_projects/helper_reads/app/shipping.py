import httpx
import requests
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app.queries import Orders, address_of, address_of_sync, find, remember


async def ship(session: AsyncSession, client: httpx.AsyncClient, order_id: int) -> None:
    address = await address_of(session, order_id)
    await client.post("https://ship.example", json={"to": address})  # POOL401


async def ship_by_neighbour(session: AsyncSession, client: httpx.AsyncClient) -> None:
    address = await find(1, session=session)
    await client.post("https://ship.example", json={"to": address})  # POOL401


async def ship_by_repository(session: AsyncSession, client: httpx.AsyncClient) -> None:
    orders = Orders(session)
    address = await orders.address(1)
    await client.post("https://ship.example", json={"to": address})  # POOL401


def ship_sync(session: Session) -> None:
    address = address_of_sync(session, 1)
    requests.post("https://ship.example", json={"to": address}, timeout=9)  # POOL401


async def nothing_held(session: AsyncSession, client: httpx.AsyncClient) -> None:
    await remember(session, 1)
    await client.post("https://ship.example")


async def given_back(session: AsyncSession, client: httpx.AsyncClient) -> None:
    address = await address_of(session, 1)
    await session.commit()
    await client.post("https://ship.example", json={"to": address})
