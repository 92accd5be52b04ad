from celery import Celery
from celery.signals import task_postrun

celery = Celery("shop", broker="redis://queue.internal/0")


@task_postrun.connect
def forget_connections(**_):
    from app.db import engine

    engine.sync_engine.dispose(close=False)
