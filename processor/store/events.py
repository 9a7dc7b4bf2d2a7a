"""What happened, who did it: written once, and changed by a redaction alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.bulk import insert
from processor.store.models import Event

DESK = "daydesk"  # the actor of what nobody did by hand


def write(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Each a dict of at, actor, kind, data, and case_id or inbound_id."""
    insert(session, Event, rows)


@contextmanager
def rewritable(session: Session) -> Iterator[None]:
    """Within the block this transaction may change events, which the database refuses otherwise; nobody else may."""
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        guard = session.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = 'event_no_update'"))
        session.execute(sa.text("DROP TRIGGER event_no_update"))
        again = str(guard)
    else:
        session.execute(sa.text("ALTER TABLE event DISABLE TRIGGER event_append_only"))
        again = "ALTER TABLE event ENABLE TRIGGER event_append_only"
    yield  # where it raises, the transaction is rolled back, and the guard is there as before
    session.flush()
    session.execute(sa.text(again))
