# variants: plain crlf bom flake8
"""One thread, one run, one session."""

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.settings import settings

if __name__ == "__main__":
    engine = create_engine(settings.url)
    session = sessionmaker(engine)()
    print(session.scalar(text("select count(*) from orders")))
    session.close()
    other = Session(engine)
    other.execute(text("delete from orders"))
    other.commit()
