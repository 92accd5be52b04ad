from db import count_items, make_shared_engine

engine = make_shared_engine()


class Stock:
    def size(self):
        return count_items()
