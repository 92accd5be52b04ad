from httpx import AsyncClient
from openai import AsyncOpenAI

web = AsyncClient()


class Shipping:
    def __init__(self, client: AsyncClient) -> None:
        self.client = client

    async def label(self, order_id: int) -> None:
        await self.client.post("https://ship.example", json={"id": order_id})


class Writer:
    def __init__(self) -> None:
        self.llm = AsyncOpenAI()

    async def write(self, about: str) -> str:
        return await self._ask(about)

    async def _ask(self, about: str) -> str:
        answer = await self.llm.responses.create(model="m", input=about)
        return answer.output_text

    def name(self) -> str:
        return "writer"


async def fetch(url: str) -> str:
    response = await web.get(url)
    return response.text


async def fetch_by(client: AsyncClient, url: str) -> str:
    response = await client.get(url)
    return response.text


writer = Writer()
