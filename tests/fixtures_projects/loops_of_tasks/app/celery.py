from celery import Celery

celery = Celery("shop", broker="redis://queue.internal/0")
celery.conf.update(task_acks_late=True, worker_max_tasks_per_child=1000)
