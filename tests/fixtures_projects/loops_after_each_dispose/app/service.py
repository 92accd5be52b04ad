import asyncio

from sqlalchemy.exc import OperationalError

from app.reports import count_all


def refresh():
    try:
        return asyncio.run(count_all())
    except OperationalError:
        return None
