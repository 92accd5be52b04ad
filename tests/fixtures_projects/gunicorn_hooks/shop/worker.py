from celery.signals import worker_process_init


@worker_process_init.connect
def forget(**kwargs):
    from shop.db import engine

    engine.dispose()  # POOL206
