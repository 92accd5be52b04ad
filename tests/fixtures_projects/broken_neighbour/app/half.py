"""Some of it is nobody's business and odd all the same."""

import os

from sqlalchemy.ext.asyncio import create_async_engine

from .nowhere import *
from .. import beyond


def make_engine():
    return create_async_engine(os.environ["URL"], pool_recycle=1800, pool_pre_ping=True)


def odd(*names, **options):
    return beyond, names, options
