"""Mails to send: claimed, attempted, settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.models import SETTLED, UNDELIVERED, Case, Dispatch, Inbound, Outbox, State

_REFERENCE = sa.select(Case.reference).where(Case.id == Outbox.case_id).scalar_subquery()
_OPENED_BY = (  # the mail that made the case: by its id a log tells of one mail through all stages
    sa.select(sa.func.min(Inbound.id))
    .where(Inbound.case_id == Outbox.case_id, Inbound.state == State.CASE)
    .scalar_subquery()
)


def due(limit: int, now: datetime, latest: datetime) -> sa.Select[*tuple[Any, ...]]:
    """Rows whose time has come, the longest waiting first; and those after `latest`: the clock was put back."""
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
            Outbox.last_reply,
            _REFERENCE.label("reference"),
            _OPENED_BY.label("inbound_id"),
        )
        .where(Outbox.state.notin_(SETTLED), sa.or_(Outbox.next_at <= now, Outbox.next_at > latest))
        .order_by(Outbox.next_at, Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def mark_attempted(session: Session, ids: Sequence[int], until: datetime) -> None:
    """Committed before the first octet leaves, so that a lost answer can be told from a mail never sent.

    Nobody else takes these rows before `until`: an attempt without an end by then died with its worker.
    """
    session.execute(
        sa.update(Outbox)
        .where(Outbox.id.in_(ids))
        .values(state=Dispatch.ATTEMPTED, tries=Outbox.tries + 1, next_at=until),
        execution_options={"synchronize_session": False},
    )


def settle(session: Session, outcomes: Sequence[dict[str, Any]]) -> set[int]:
    """Rows as they are from now on: each a dict of id, attempt, state, tries, next_at, settled_at, last_reply.

    A row that another worker has attempted since, or that has come back, is left alone: what we know of it is stale.
    Returns the ids of the others.
    """
    ours = _still_attempted(session, outcomes)
    fields = ("state", "tries", "next_at", "settled_at", "last_reply")
    rows = [{"row": one["id"]} | {field: one[field] for field in fields} for one in outcomes if one["id"] in ours]
    if rows:
        statement = sa.update(Outbox).where(Outbox.__table__.c.id == sa.bindparam("row"))
        session.connection().execute(statement.values({name: sa.bindparam(name) for name in fields}), rows)
    return ours


def _still_attempted(session: Session, outcomes: Sequence[dict[str, Any]]) -> set[int]:
    """Those that are as we left them when we attempted them, kept from others; locked in one order by everybody."""
    attempts = {one["id"]: one["attempt"] for one in outcomes}
    query = sa.select(Outbox.id, Outbox.tries).where(Outbox.id.in_(attempts), Outbox.state == Dispatch.ATTEMPTED)
    rows = session.execute(query.order_by(Outbox.id).with_for_update()).all()
    return {number for number, tries in rows if tries == attempts[number]}


def come_back(session: Session, mails: Iterable[tuple[int, str]], now: datetime) -> None:
    """These mails were not delivered after all, as a report says: the id of each, and its words. None is sent again.

    A worker that has one of them in hand just now finds it settled, and leaves it alone. The first report counts.
    """
    for number, words in sorted(mails, key=itemgetter(0)):
        session.execute(
            sa.update(Outbox)
            .where(Outbox.id == number, Outbox.state.notin_(UNDELIVERED))
            .values(state=Dispatch.BOUNCED, settled_at=now, last_reply=words),
            execution_options={"synchronize_session": False},
        )


def release(session: Session, now: datetime) -> int:
    """Attempts whose worker is known to be dead: whether the server took them is unknown, so they are due again."""
    done = session.execute(
        sa.update(Outbox).where(Outbox.state == Dispatch.ATTEMPTED).values(state=Dispatch.UNKNOWN, next_at=now),
        execution_options={"synchronize_session": False},
    )
    return int(getattr(done, "rowcount", 0))


def counts(session: Session) -> dict[Dispatch, int]:
    """How many rows are in each state."""
    query = sa.select(Outbox.state, sa.func.count()).group_by(Outbox.state)
    return dict(session.execute(query).all())
