import plugins
from acme_db import make_engine as another


def fresh(name):
    return plugins.load(name)


def passed_on(name):
    return fresh(name)
