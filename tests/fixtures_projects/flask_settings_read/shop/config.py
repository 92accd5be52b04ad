class Config:
    SQLALCHEMY_DATABASE_URI = "postgresql+psycopg://app@db.internal/shop"
    SQLALCHEMY_TRACK_MODIFICATIONS = False
    SQLALCHEMY_POOL_SIZE = 20


class Unread:
    SQLALCHEMY_DATABASE_URI = "postgresql+psycopg://app@db.internal/shop"
