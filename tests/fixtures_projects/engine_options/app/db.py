import os

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from app import options
from app.options import BUILT_UP, ENGINE_OPTIONS, FROM_OUTSIDE, ONLY_PING
from app.options import engine_options, some_options, unknown_options

URL = os.environ["URL"]
one = create_async_engine(URL, **ENGINE_OPTIONS)
two = create_async_engine(URL, **options.ENGINE_OPTIONS)
three = create_engine(URL, **engine_options(5))
four = create_engine(URL, **BUILT_UP)
five = create_engine(URL, **unknown_options())
six = create_engine(URL, **FROM_OUTSIDE)
seven = create_async_engine(URL, **ONLY_PING)  # POOL101
eight = create_engine(URL, **some_options(5))  # POOL102
nine = create_engine(URL, **{**ENGINE_OPTIONS, "echo": False})
