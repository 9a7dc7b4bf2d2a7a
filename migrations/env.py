"""Runs the revisions: on the connection that `daydesk db` hands in, else on the url of alembic.ini."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from processor.store.models import Base, UtcDateTime

config = context.config


def rendered(kind: str, item: Any, _autogen: object) -> str | Literal[False]:
    """A revision names SQLAlchemy's own types, so that it still runs when ours have moved on."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=rendered,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with sa.create_engine(config.get_main_option("sqlalchemy.url") or "").begin() as own:
        run(own)
