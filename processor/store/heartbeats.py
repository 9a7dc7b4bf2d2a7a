"""When each worker last did its work: one row for each, whichever process it is in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from processor.store.models import Heartbeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What is known of a worker: all None where it never did anything."""

    succeeded_at: datetime | None = None
    failed_at: datetime | None = None  # None where it succeeded since
    error: str | None = None


def succeeded(session: Session, worker: str, now: datetime) -> None:
    """The worker did its work; what kept it from it is over."""
    _write(session, worker, succeeded_at=now, failed_at=None, error=None)


def failed(session: Session, worker: str, now: datetime, error: str) -> None:
    """The worker could not do its work."""
    _write(session, worker, failed_at=now, error=error)


def read(session: Session) -> dict[str, Beat]:
    """Every worker that ever was."""
    query = sa.select(Heartbeat.worker, Heartbeat.succeeded_at, Heartbeat.failed_at, Heartbeat.error)
    return {
        row.worker: Beat(succeeded_at=row.succeeded_at, failed_at=row.failed_at, error=row.error)
        for row in session.execute(query)
    }


def _write(session: Session, worker: str, **values: Any) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(
        dialect.insert(Heartbeat)
        .values(worker=worker, **values)
        .on_conflict_do_update(index_elements=["worker"], set_=values)
    )
