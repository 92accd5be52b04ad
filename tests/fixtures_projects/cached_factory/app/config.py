import os


class Settings:
    url = os.environ["DATABASE_URL"]


settings = Settings()
