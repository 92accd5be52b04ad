from db import count_orders


def print_orders():
    print(f"{count_orders()} orders")
