from wires import providers


class Container(providers.Base):
    session = providers.Factory("session")
    settings = providers.Factory("settings")
