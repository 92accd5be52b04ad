from shop.services import Orders


class Facade:
    def __init__(self, orders: Orders) -> None:
        self._orders = orders

    def note(self, what: str) -> None:
        self._orders.note(what)
