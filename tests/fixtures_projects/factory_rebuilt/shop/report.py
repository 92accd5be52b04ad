import typer
from sqlalchemy import text

from shop.db import session_for_report

app = typer.Typer()


@app.command()
def report() -> None:
    with session_for_report() as session:
        print(session.scalar(text("select count(*) from orders")))
