import click

from db import count_items, count_orders, make_engine, make_shared_engine
from reports import print_orders


@click.group()
def cli():
    pass


@cli.command()
def report():
    print(count_orders(), count_items())
    print_orders()


@cli.command()
def sizes():
    engine = make_engine()
    print(engine.pool.size(), make_shared_engine().pool.size())
