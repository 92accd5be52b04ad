SQLITE = "sqlite+aiosqlite:///shop.db"
MEMORY = "sqlite://"
SERVER = "postgresql+asyncpg://app@db.internal/shop"
HOST = "db.internal"


def url_of(name: str) -> str:
    return f"postgresql+asyncpg://app@{HOST}/{name}"
