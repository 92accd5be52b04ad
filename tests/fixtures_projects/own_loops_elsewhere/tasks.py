import asyncio

from celery import shared_task
from importing import Importer


@shared_task
def import_users(path: str) -> None:
    asyncio.run(Importer().users(path))
