"""Rules about asyncpg's own pool."""
