import functools

from shop.db import Database, Pool, Single, Store, add_engine, engine_later, make_engine, migrate


class Done:
    migrated = False


_engines = {}
_database = None
pool = Pool()


def engine_of(tenant: str):
    if tenant not in _engines:
        _engines[tenant] = make_engine(tenant)
    return _engines[tenant]


def database():
    global _database
    if _database is None:
        _database = Database()
    return _database


def single():
    return Single()


def new_tenant(name: str, state) -> None:
    add_engine(name)
    pool.open()
    state.database = Database()


@functools.lru_cache
def first_engine():
    return make_engine("first")


def migrate_once() -> None:
    if not Done.migrated:
        migrate()
        Done.migrated = True


def waiting_engine():
    return engine_later()


_store = Store()


def get_store() -> Store:
    return _store
