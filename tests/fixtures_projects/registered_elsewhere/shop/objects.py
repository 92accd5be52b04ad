import os

from sqlalchemy import create_engine

from shop.db import Audit, Users

engine = create_engine(os.environ["DATABASE_URL"], pool_recycle=1800, pool_pre_ping=True)


def audit_of() -> Audit:
    return Audit(engine)


def users_of() -> Users:
    return Users()
