import acme_db


class Orders:
    def on_get(self):
        pass


def make(router):
    router.add_api_route("/orders", load)


def load():
    return acme_db.make_engine("orders")  # POOL201
