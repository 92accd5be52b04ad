from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI

from shop import db
from shop.db import get_connection, write_audit, write_once
from shop.objects import audit_of, users_of
from shop.steps import start_over

router = APIRouter()
router.add_api_route("/users/count", db.count_users)
app = FastAPI()
app.add_event_handler("startup", write_once)


@router.get("/users")
def users(tasks: BackgroundTasks, connection=Depends(get_connection)):
    tasks.add_task(write_audit, "users were read")
    tasks.add_task(db.clean_up)
    return connection


@router.get("/audit")
def audit():
    return audit_of(), users_of()


@router.post("/audit")
def start():
    start_over()
