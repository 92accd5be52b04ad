import hashlib
import json


def generate_content_hash(text: str) -> str:
    """Sounds like a model at work, and is arithmetic."""
    return hashlib.sha256(text.encode()).hexdigest()


async def generate_summary(row: dict) -> str:
    return json.dumps(row, sort_keys=True)[:100]


async def notify(names: list[str]) -> str:
    return await generate_summary({"names": names})
