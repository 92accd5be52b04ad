from app.celery import celery
from app.reports import count_all, count_users
from app.running import as_task, run_async


@celery.task
def report():
    return run_async(count_all())  # POOL205


@celery.task
@as_task
async def report_users():
    # Of the same engine, so this is a note of the finding above.
    return await count_users()
