from fastapi import APIRouter, Depends

from shop.providers import get_user_service
from shop.services import UserService

router = APIRouter()


@router.get("/users")
def users(service: UserService = Depends(get_user_service)):
    return service.names()
