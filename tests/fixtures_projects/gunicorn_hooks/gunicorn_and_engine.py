from shop.db import engine

bind = "0.0.0.0:8000"


def post_fork(server, worker):
    engine.dispose()  # POOL206
