from shop.services import Orders, stock


def archive_all() -> None:
    Orders.archive()


def close_order(number: int) -> None:
    Orders.close(number)


def stock_left() -> int:
    return stock.left()
