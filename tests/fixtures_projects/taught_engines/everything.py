from acme_db import *


@app.get("/a")
def handler():
    return make_engine("orders")  # POOL201
