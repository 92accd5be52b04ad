from shop.services import UserService


def get_user_service() -> UserService:
    return UserService()
