from shop.db import Report, check_schema


def main() -> None:
    check_schema()
    Report().run()


if __name__ == "__main__":
    main()
