from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings
from shop.shards import choose

engine = create_engine(settings.sync_url, pool_recycle=1800, pool_pre_ping=True)
async_engine = create_async_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)

usual = sessionmaker(autocommit=False, autoflush=False, bind=engine)
future = sessionmaker(engine, future=True)
everything = sessionmaker(
    bind=engine,
    class_=Session,
    autoflush=True,
    expire_on_commit=True,
    info={"tenant": 1},
    twophase=False,
    binds={},
    enable_baked_queries=False,
    query_cls=None,
    autobegin=True,
    join_transaction_mode="conditional_savepoint",
    close_resets_only=True,
)
asynchronous = async_sessionmaker(
    async_engine, class_=AsyncSession, expire_on_commit=False, sync_session_class=Session
)
settled_elsewhere = sessionmaker(engine, autocommit=settings.autocommit)
options = sessionmaker(engine, **settings.session_options)


class TenantSession(Session):
    def __init__(self, *args: object, tenant: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant


tenants = sessionmaker(engine, class_=TenantSession, tenant="a")
shards = sessionmaker(class_=settings.session_class, shard_chooser=choose)
