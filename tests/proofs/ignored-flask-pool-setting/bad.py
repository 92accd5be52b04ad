import asyncio

import probe
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = f"postgresql+psycopg://{probe.PLACE}"
app.config["SQLALCHEMY_POOL_SIZE"] = 20
app.config["SQLALCHEMY_MAX_OVERFLOW"] = 0
app.config["SQLALCHEMY_POOL_RECYCLE"] = 1800
app.config["SQLALCHEMY_POOL_TIMEOUT"] = 3
db = SQLAlchemy(app)


def look():
    with app.app_context(), db.engine.connect():
        pool = db.engine.pool
        return pool.size(), pool._max_overflow, pool._recycle, pool._timeout


async def proof():
    size, overflow, recycle, timeout = await asyncio.to_thread(look)
    if (size, overflow, recycle, timeout) != (20, 0, 1800, 3):
        raise probe.Unhealthy(
            f"the pool has size {size}, overflow {overflow}, recycle {recycle}, timeout {timeout}"
        )
