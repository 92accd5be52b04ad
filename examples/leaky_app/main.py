"""Run with ``uvicorn leaky_app.main:app`` in the folder ``examples``."""

from fastapi import FastAPI

from leaky_app import orders, payments, reports
from leaky_app.database import lifespan

app = FastAPI(title="leaky shop", lifespan=lifespan)
app.include_router(orders.router)
app.include_router(payments.router)
app.include_router(reports.router)
