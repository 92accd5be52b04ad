from app.celery import celery
from app.service import refresh


@celery.task
def report_again():
    return refresh()
