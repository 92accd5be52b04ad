from lib import post


async def send(order):
    return post(order)


async def render(order):
    return order


async def confirm(order):
    await send(order)
