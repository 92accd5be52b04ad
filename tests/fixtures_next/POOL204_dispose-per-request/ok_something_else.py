from fastapi import FastAPI

from shop.images import open_image
from shop.database import engine

app = FastAPI()


@app.get("/thumb")
def thumb(name: str) -> bytes:
    image = open_image(name)
    try:
        return image.small()
    finally:
        image.dispose()


@app.get("/name")
def name() -> str:
    return engine.url.database
