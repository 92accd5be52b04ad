import grpc
from sqlalchemy import create_engine, text

from shop import shop_pb2, shop_pb2_grpc
from shop.settings import settings


class Orders(shop_pb2_grpc.OrdersServicer):
    def __init__(self) -> None:
        self.engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)

    def Count(self, request, context: grpc.ServicerContext):
        engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)  # POOL201
        with engine.connect() as connection:
            total = connection.scalar(text("select count(*) from orders"))
        return shop_pb2.Total(value=total)

    def Names(self, request, context: grpc.ServicerContext):
        with self.engine.connect() as connection:
            names = connection.scalars(text("select name from orders")).all()
        return shop_pb2.Names(values=names)
