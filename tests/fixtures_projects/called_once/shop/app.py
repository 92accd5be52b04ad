from contextlib import asynccontextmanager

from fastapi import FastAPI

from shop.db import Audit, check_schema, warm_up

audit = Audit()


@asynccontextmanager
async def lifespan(app: FastAPI):
    check_schema()
    yield


app = FastAPI(lifespan=lifespan)
old = FastAPI()
old.add_event_handler("startup", warm_up)


@app.get("/orders")
def orders():
    audit.write("orders were read")
    return []
