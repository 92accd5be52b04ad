def refresh() -> None:
    print("not the one that makes an engine")
