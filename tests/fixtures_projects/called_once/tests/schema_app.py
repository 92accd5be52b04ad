from fastapi import Depends, FastAPI

from shop.db import Report, check_schema

app = FastAPI()


@app.get("/schema")
def schema(version: int = Depends(check_schema)):
    Report().run()
    return version
