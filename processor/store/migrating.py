"""Brings a database to the revision that this code works with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

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
    with store.writing() as session:
        connection = session.connection()
        if not store.sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        act(connection)


def _config(migrations: Path, connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
