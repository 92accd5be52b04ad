"""The model of the flow against SQLAlchemy and asyncpg themselves, on generated programs."""
