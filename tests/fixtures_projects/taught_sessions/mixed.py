import acme_db


async def begun():
    db = acme_db.session()
    await db.get(1)
    async with db.begin():  # POOL404
        pass
