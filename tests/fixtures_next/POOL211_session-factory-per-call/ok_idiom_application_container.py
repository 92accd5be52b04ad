"""Made by a container, once for the application."""

from dishka import Provider, Scope, provide
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

app = FastAPI()


class DatabaseProvider(Provider):
    @provide(scope=Scope.APP)
    def sessions(self, engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
        return async_sessionmaker(engine, expire_on_commit=False)


@app.get("/health")
async def health() -> bool:
    return True
