"""What the pools of the application do with a connection that is opened."""

import json

import asyncpg

SEARCH_PATH = "SET search_path TO shop, public"


async def prepare(connection: asyncpg.Connection) -> None:
    await connection.execute(SEARCH_PATH)


async def register(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
    )
