from typing import Annotated

from fastapi import Depends

from shop.facade import Facade
from shop.services import Orders


def get_orders() -> Orders:
    return Orders()


def get_facade() -> Facade:
    return Facade(Orders())


OrdersDep = Annotated[Orders, Depends(get_orders)]
FacadeDep = Annotated[Facade, Depends(get_facade)]
