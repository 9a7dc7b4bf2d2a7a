"""Mails to send: claimed, attempted, settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.models import Dispatch, Outbox


def due(limit: int, now: datetime) -> sa.Select[Any]:
    """Rows whose time has come, the longest waiting first."""
    return (
        sa.select(
            Outbox.id,
            Outbox.case_id,
            Outbox.purpose,
            Outbox.message_id,
            Outbox.envelope_from,
            Outbox.recipient,
            Outbox.content,
            Outbox.state,
            Outbox.tries,
            Outbox.created_at,
        )
        .where(Outbox.state.notin_((Dispatch.SENT, Dispatch.FAILED)), Outbox.next_at <= now)
        .order_by(Outbox.next_at, Outbox.id)
        .limit(limit)
    )


def mark_attempted(session: Session, ids: Sequence[int]) -> None:
    """Committed before the first octet leaves, so that a lost answer can be told from a mail never sent."""
    session.execute(
        sa.update(Outbox).where(Outbox.id.in_(ids)).values(state=Dispatch.ATTEMPTED, tries=Outbox.tries + 1),
        execution_options={"synchronize_session": False},
    )


def settle(session: Session, outcomes: Iterable[dict[str, Any]]) -> None:
    """Rows as they are from now on: each a dict of id, state, next_at, settled_at, last_reply."""
    session.execute(sa.update(Outbox), list(outcomes))


def counts(session: Session) -> dict[Dispatch, int]:
    """How many rows are in each state."""
    query = sa.select(Outbox.state, sa.func.count()).group_by(Outbox.state)
    return dict(session.execute(query).tuples().all())
