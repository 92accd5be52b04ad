from celery import Celery, shared_task
from sqlalchemy import create_engine, text

from shop.settings import settings

celery = Celery("shop", broker=settings.broker)
engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


@celery.task
def count_orders() -> int:
    with engine.connect() as connection:
        count = connection.scalar(text("select count(*) from orders"))
    engine.dispose()  # POOL204
    return count


@shared_task
def purge() -> None:
    with engine.begin() as connection:
        connection.execute(text("delete from orders where not open"))
    engine.dispose()  # POOL204
