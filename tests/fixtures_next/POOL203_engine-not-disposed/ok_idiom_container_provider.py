"""A container resumes the generator when it is closed."""

from collections.abc import AsyncIterable, AsyncIterator

from dependency_injector import containers, providers
from dishka import Provider, Scope, provide
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


async def open_engine(url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(url, pool_recycle=1800, pool_pre_ping=True)
    yield engine
    await engine.dispose()


class Container(containers.DeclarativeContainer):
    config = providers.Configuration()
    engine = providers.Resource(open_engine, config.url)


class DatabaseProvider(Provider):
    @provide(scope=Scope.APP)
    async def engine(self) -> AsyncIterable[AsyncEngine]:
        engine = create_async_engine("postgresql+asyncpg://db/shop", pool_recycle=1800, pool_pre_ping=True)
        yield engine
        await engine.dispose()
