from shop.db import rebuild, write_once


def rebuild_all() -> None:
    rebuild()


def start_over() -> None:
    write_once()
