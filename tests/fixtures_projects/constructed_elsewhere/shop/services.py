from shop.storage import Repository as Users


class UserService:
    def __init__(self) -> None:
        self._users = Users()

    def names(self) -> list[str]:
        return self._users.names()
