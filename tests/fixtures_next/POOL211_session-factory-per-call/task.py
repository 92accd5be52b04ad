from celery import shared_task
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)


@shared_task
def purge() -> None:
    Session = sessionmaker(engine)  # POOL211
    with Session.begin() as session:
        session.execute(text("delete from orders where not open"))


@shared_task
def recount() -> None:
    for table in ("orders", "users"):
        Session = sessionmaker(engine)  # POOL211
        with Session() as session:
            print(session.scalar(text(f"select count(*) from {table}")))
