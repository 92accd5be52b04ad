def record(order):
    pass
