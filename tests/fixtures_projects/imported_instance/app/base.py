from app.database import Database


class Service:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.sessions = database.sessions
