"""The commands about the database: upgrade and check."""

from __future__ import annotations

import typer

from ingest.errors import DeskError
from processor import resources
from processor.cli.options import CONFIG, Config, now

app = typer.Typer(help="The database's tables.", no_args_is_help=True)


@app.command()
def upgrade(config: Config = CONFIG) -> None:
    """Brings the tables to what this daydesk works with; an empty database gets them. One upgrade at a time."""
    from processor.cli.opening import open_policy
    from processor.store import migrating
    from processor.store.database import Store
    from processor.store.locks import process_lock

    policy = open_policy(config)
    store = Store(policy.database.url, policy.folder)
    before = store.revision()
    with process_lock(store, now()):
        after = migrating.upgrade(store, resources.migrations_folder())
    store.close()
    typer.echo(f"{store.shown}: {'already ' if before == after else ''}at revision {after}.")


@app.command()
def check(config: Config = CONFIG) -> None:
    """Compares the tables with what this daydesk works with."""
    from processor.cli.opening import open_policy, open_store
    from processor.store import migrating

    with open_store(open_policy(config)) as store:
        if found := migrating.differences(store):
            raise DeskError("The tables differ from what this daydesk expects:\n  " + "\n  ".join(found))
        typer.echo(f"{store.shown}: revision {store.revision()}, all tables as they should be.")
