"""Where the shop finds its database and its bank."""

import os

DATABASE_URL = os.environ.get("DATABASE_URL") or "sqlite+aiosqlite:///leaky.db"
BANK_URL = os.environ.get("BANK_URL") or "http://127.0.0.1:8000/bank"
