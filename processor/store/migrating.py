"""Brings a database to the revision that this code works with."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from ingest.errors import DeskError
from processor.store.database import Store
from processor.store.models import Base

UPGRADE_LOCK = 0x0DA7DE5C  # one upgrade at a time on PostgreSQL, whatever else uses its advisory locks


def upgrade(store: Store, migrations: Path) -> str:
    """Every outstanding revision in one transaction. Returns the revision that the database has now."""
    _on_connection(store, lambda connection: command.upgrade(_config(migrations, connection), "head"))
    return store.revision() or ""


def differences(store: Store) -> list[str]:
    """Where the tables differ from the models, in Alembic's words; empty where all is well."""
    with store.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        found: list[Any] = compare_metadata(context, Base.metadata)
    return [str(difference) for difference in found]


def _on_connection(store: Store, act: Callable[[sa.Connection], None]) -> None:
    if store.sqlite:
        with store.telling(), _unguarded(store) as connection:
            before = _lost_references(connection)
            act(connection)
            if _lost_references(connection) - before:
                raise DeskError(
                    f"The upgrade of {store.shown} would lose references: it was left as it was. Report it."
                )
        return
    with store.writing() as session:
        connection = session.connection()
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        act(connection)


@contextmanager
def _unguarded(store: Store) -> Iterator[sa.Connection]:
    """One transaction on SQLite in which foreign keys are not looked at: to change a column, SQLite makes its table
    anew, and whatever refers to that would be in the way.
    """
    with store.engine.execution_options(daydesk_write=True).connect() as connection:
        raw = connection.connection.driver_connection
        try:
            cast("sqlite3.Connection", raw).execute("PRAGMA foreign_keys = OFF")  # heard only before a transaction
            with connection.begin():
                yield connection
        finally:
            connection.invalidate()  # nobody else is to get it


def _lost_references(connection: sa.Connection) -> set[tuple[Any, ...]]:
    """Rows that refer to nothing, by table and number: somebody may have deleted what they referred to, by hand."""
    return {(row[0], row[1], row[2]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}


def _config(migrations: Path, connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
