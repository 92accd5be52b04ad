bind = "0.0.0.0:8000"
preload_app = True


def post_fork(server, worker):
    from shop.db import engine

    engine.dispose()  # POOL206
