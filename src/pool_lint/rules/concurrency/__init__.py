"""Rules about sessions in asyncio code."""
