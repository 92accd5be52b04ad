from fastapi import FastAPI

from shop.db import Report

app = FastAPI()


@app.get("/refresh")
def refresh():
    Report().run()
