"""What an operator watches, read in one snapshot by indexes alone: it costs the same however old the desk is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store import heartbeats, quarantine
from processor.store.heartbeats import Beat
from processor.store.models import Case, Dispatch, Inbound, Outbox

# In the very words of the indexes: with bound parameters neither engine would see that it may use them.
_PENDING = sa.text("inbound.state = 'pending'")
_WAITING = sa.text("outbox.state NOT IN ('sent', 'failed', 'bounced')")
_UNDELIVERED = sa.text("outbox.state IN ('failed', 'bounced')")
_PROMISED = sa.and_(
    sa.text("cases.status NOT IN ('resolved', 'closed')"),
    Case.first_response_at.is_(None),
    Case.promise_at.is_not(None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """So many wait, the first of them since then."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The promise to an unanswered client that is due first."""

    reference: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The desk at one moment, before anybody judges it."""

    beats: Mapping[str, Beat]  # by worker
    pending: Mapping[str, Waiting]  # by mailbox, since they were taken in
    waiting: Mapping[Dispatch, Waiting]  # mails to send, since they were written
    failed: int  # mails that could not be sent or came back, all there ever were
    failed_lately: int
    bounced: int  # of all these: came back
    quarantined: int  # without those that a person discarded
    unanswered: int  # open cases with a promise and without a person's answer
    overdue: int  # of these: the promise has passed
    promise: Promise | None


def facts(session: Session, now: datetime, failed_since: datetime) -> Facts:
    """Everything, as it stands."""
    failed, failed_lately, bounced = _counts(
        session, Outbox, _UNDELIVERED, Outbox.settled_at >= failed_since, Outbox.state == Dispatch.BOUNCED
    )
    unanswered, overdue = _counts(session, Case, _PROMISED, Case.promise_at < now)
    return Facts(
        beats=heartbeats.read(session),
        pending=_pending(session),
        waiting=_waiting(session),
        failed=failed,
        failed_lately=failed_lately,
        bounced=bounced,
        quarantined=quarantine.waiting(session),
        unanswered=unanswered,
        overdue=overdue,
        promise=_first_promise(session),
    )


def _counts(
    session: Session,
    table: type[Case | Outbox],
    which: sa.ColumnElement[bool] | sa.TextClause,
    *of_these: sa.ColumnElement[bool],
) -> tuple[int, ...]:
    """How many there are, and how many of each of these."""
    some = (sa.func.count().filter(condition) for condition in of_these)
    query = sa.select(sa.func.count(), *some).select_from(table).where(which)
    return tuple(session.execute(query).one())


def _pending(session: Session) -> dict[str, Waiting]:
    query = (
        sa.select(Inbound.mailbox, sa.func.count(), sa.func.min(Inbound.fetched_at))
        .where(_PENDING)
        .group_by(Inbound.mailbox)
    )
    return {mailbox: Waiting(count=count, since=since) for mailbox, count, since in session.execute(query)}


def _waiting(session: Session) -> dict[Dispatch, Waiting]:
    query = (
        sa.select(Outbox.state, sa.func.count(), sa.func.min(Outbox.created_at)).where(_WAITING).group_by(Outbox.state)
    )
    return {state: Waiting(count=count, since=since) for state, count, since in session.execute(query)}


def _first_promise(session: Session) -> Promise | None:
    query = sa.select(Case.reference, Case.promise_at).where(_PROMISED).order_by(Case.promise_at, Case.id).limit(1)
    row = session.execute(query).one_or_none()
    return None if row is None else Promise(reference=row.reference, at=row.promise_at)
