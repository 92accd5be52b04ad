from asyncpg import TooManyConnectionsError

from app.store import Store


async def report(store: Store) -> int:
    try:
        connection = await store.take()
    except TooManyConnectionsError:  # POOL603
        return 0
    try:
        return await connection.fetchval("select count(*) from orders")
    finally:
        await store.pool.release(connection)


def load(store: Store) -> float:
    return store.pool.get_size() / store.pool._maxsize  # POOL610
