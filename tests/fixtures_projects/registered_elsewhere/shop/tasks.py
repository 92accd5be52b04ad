from celery import shared_task

from shop.steps import rebuild_all


@shared_task
def rebuild_users():
    rebuild_all()
