import typer
from sqlalchemy import text

from db import source


def main(limit: int = 100):
    with source() as connection:
        for row in connection.execute(text("select * from orders limit :n"), {"n": limit}):
            print(row)


if __name__ == "__main__":
    typer.run(main)
