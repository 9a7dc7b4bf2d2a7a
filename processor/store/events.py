"""What happened, who did it: written once, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from processor.store.bulk import insert
from processor.store.models import Event

DESK = "daydesk"  # the actor of what nobody did by hand


def write(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Each a dict of at, actor, kind, data, and case_id or inbound_id."""
    insert(session, Event, rows)
