from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    host: str = "db.internal"

    @property
    def shop_database(self) -> str:
        return f"postgresql+asyncpg://app@{self.host}/shop"


settings = Settings()
