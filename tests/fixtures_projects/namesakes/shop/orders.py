class Orders:
    def rebuild(self) -> None:
        self.stale = False


def refresh() -> None:
    print("nothing to do")
