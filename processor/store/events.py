"""What happened, who did it: written once, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.models import Event

DESK = "daydesk"  # the actor of what nobody did by hand


def write(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Each a dict of at, actor, kind, data, and case_id or inbound_id."""
    if rows:
        session.execute(sa.insert(Event), list(rows))
