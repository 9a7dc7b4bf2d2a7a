"""Counts the queues: which cases wait, whose promise is due or breached, how soon people answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import reduce
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ingest.message import utc
from processor.policy import Policy
from processor.reports.values import CaseLine, Figures, QueueLine, QueueReport, ResponseTimes, Undelivered
from processor.store.models import UNDELIVERED, Case, Outbox, Status
from processor.triage.clock import breached, due_today, local
from processor.triage.redaction import redact

RESPONSE_DAYS = 30
CASES_PER_QUEUE = 500

# In the very words of the index: with bound parameters neither engine would see that it may use ix_cases_unsettled.
_UNSETTLED = sa.text("cases.status NOT IN ('resolved', 'closed')")
_ALONE = Case.merged_into.is_(None)  # the survivor counts for both; what was merged is closed
_UNANSWERED = Case.first_response_at.is_(None)
_THEIR_ACKNOWLEDGEMENT = sa.and_(  # of each case one at most
    Outbox.case_id == sa.func.coalesce(Case.acknowledged_with, Case.id),
    Outbox.purpose == "acknowledgement",
    Outbox.state.in_(UNDELIVERED),
)
_HELD = sa.and_(Case.held_since.is_not(None), Case.released_at.is_(None))
_UNDELIVERED = sa.exists().where(_THEIR_ACKNOWLEDGEMENT)

Waits = dict[str, list[timedelta]]  # by queue: how long each client waited for the first answer


def queue_report(
    session: Session, policy: Policy, now: datetime, *, per_queue: int | None = CASES_PER_QUEUE
) -> QueueReport:
    """Every queue of the policy and every one that only cases know, in one snapshot of the database.

    Of each queue at most `per_queue` cases are listed (None: all of them), those that press before those that do not.
    """
    now = utc(now)
    figures = _figures(session, now, _end_of_day(now, policy.desk.timezone))
    cases = _cases(session, policy, now, per_queue)
    waits = _waits(session, now)
    names = [*policy.queues, *sorted((figures.keys() | waits.keys()) - policy.queues.keys())]
    queues = tuple(_queue(name, policy, figures, waits, cases) for name in names)
    totals = reduce(_sum, (queue.figures for queue in queues), Figures())
    everyone = [wait for queue in waits.values() for wait in queue]
    return QueueReport(
        desk=policy.desk.name,
        at=now,
        timezone=policy.desk.timezone,
        response_days=RESPONSE_DAYS,
        totals=replace(totals, response=response_times(everyone)),
        queues=queues,
    )


def response_times(waits: list[timedelta]) -> ResponseTimes:
    """Median (the mean of the middle two where their number is even) and 90th percentile (nearest rank)."""
    if not waits:
        return ResponseTimes()
    ordered, number = sorted(waits), len(waits)
    middle = (ordered[(number - 1) // 2] + ordered[number // 2]) / 2
    return ResponseTimes(answered=number, median=middle, ninetieth=ordered[ceil(number * 9 / 10) - 1])


def _queue(
    name: str, policy: Policy, figures: Mapping[str, Figures], waits: Waits, cases: Mapping[str, list[CaseLine]]
) -> QueueLine:
    known = policy.queues.get(name)
    return QueueLine(
        name=name,
        label=known.label if known else name,
        team=known.team if known else "",
        figures=replace(figures.get(name, Figures()), response=response_times(waits.get(name, []))),
        cases=tuple(cases.get(name, ())),
    )


def _end_of_day(now: datetime, timezone: str) -> datetime:
    """When the next day of this zone begins: 23, 24 or 25 hours after this one did."""
    tomorrow = local(now, timezone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), ZoneInfo(timezone)).astimezone(UTC)


def _figures(session: Session, now: datetime, end_of_day: datetime) -> dict[str, Figures]:
    def count(name: str, *conditions: sa.ColumnElement[bool]) -> sa.Label[int]:
        return sa.func.count().filter(*conditions).label(name)

    columns = (
        sa.func.count().label("open"),
        count("new", Case.status == Status.NEW),
        count("waiting_internal", Case.status == Status.WAITING_INTERNAL),
        count("waiting_client", Case.status == Status.WAITING_CLIENT),
        sa.func.min(Case.received_at).label("oldest"),
        count("due_today", _due_today(now, end_of_day)),
        count("breached", _breached(now)),
        count("internal_missed", _UNANSWERED, Case.promise_at.is_(None), Case.internal_due_at < now),
        count("urgent", Case.priority == "urgent"),
        count("held", _HELD),
        count("undelivered", _UNDELIVERED),
    )
    names = [column.name for column in columns]
    query = sa.select(Case.queue, *columns).where(_UNSETTLED).group_by(Case.queue)
    return {row[0]: Figures(**dict(zip(names, row[1:], strict=True))) for row in session.execute(query)}


def _due_today(now: datetime, end_of_day: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_UNANSWERED, Case.promise_at >= now, Case.promise_at < end_of_day)


def _breached(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_UNANSWERED, Case.promise_at < now)


def _cases(session: Session, policy: Policy, now: datetime, per_queue: int | None) -> dict[str, list[CaseLine]]:
    columns = (
        Case.queue,
        Case.reference,
        Case.priority,
        Case.status,
        Case.request_type,
        Case.subject,
        Case.requester_name,
        Case.requester_address,
        Case.received_at,
        Case.promise_at,
        Case.internal_due_at,
        Case.first_response_at,
        _HELD.label("held"),
        Outbox.recipient.label("undelivered_to"),
        Outbox.last_reply.label("undelivered_reason"),
    )
    query = sa.select(*columns).outerjoin(Outbox, _THEIR_ACKNOWLEDGEMENT).where(_UNSETTLED)
    query = query.order_by(Case.queue, Case.received_at, Case.id)
    if per_queue is not None:
        query = query.where(Case.id.in_(_first(per_queue, now, _end_of_day(now, policy.desk.timezone))))
    found = defaultdict(list)
    for row in session.execute(query):
        found[row.queue].append(_line(row, policy, now))
    return found


def _first(per_queue: int, now: datetime, end_of_day: datetime) -> sa.Select[int]:
    """The cases to list where there are too many: those that press, then the oldest."""
    presses = sa.or_(_breached(now), _due_today(now, end_of_day), Case.priority == "urgent", _HELD, _UNDELIVERED)
    order = (sa.case((presses, 0), else_=1), Case.received_at, Case.id)
    place = sa.func.row_number().over(partition_by=Case.queue, order_by=order).label("place")
    ranked = sa.select(Case.id, place).where(_UNSETTLED).subquery()
    return sa.select(ranked.c.id).where(ranked.c.place <= per_queue)


def _line(row: Any, policy: Policy, now: datetime) -> CaseLine:
    unanswered, promised = row.first_response_at is None, row.promise_at is not None
    return CaseLine(
        reference=row.reference,
        priority=row.priority,
        status=row.status,
        request_type=_label(row.request_type, policy),
        subject=row.subject,
        requester_name=row.requester_name,
        requester_address=redact(row.requester_address).text,  # anybody may make bank details of his address (I9)
        received_at=row.received_at,
        promise_at=row.promise_at,
        age=now - row.received_at,
        due_today=unanswered and promised and due_today(row.promise_at, now, policy.desk.timezone),
        breached=unanswered and promised and breached(row.promise_at, now),
        internal_missed=unanswered and not promised and breached(row.internal_due_at, now),
        held=bool(row.held),
        undelivered=_undelivered(row),
    )


def _undelivered(row: Any) -> Undelivered | None:
    if row.undelivered_to is None:
        return None
    return Undelivered(to=redact(row.undelivered_to).text, reason=redact(row.undelivered_reason or "").text)


def _label(request_type: str | None, policy: Policy) -> str:
    if request_type is None:
        return ""
    known = policy.request_types.get(request_type)
    labels = known.label if known else {}
    return labels.get(policy.desk.language) or labels.get("en") or next(iter(labels.values()), request_type)


def _waits(session: Session, now: datetime) -> Waits:
    """Both times come as the driver's own plain ones: only their difference counts, and there may be many."""
    plain = sa.DateTime(timezone=True)
    started = sa.func.coalesce(Case.reopened_at, Case.received_at)  # the clock began with the mail that opened it last
    received, answered = sa.type_coerce(started, plain), sa.type_coerce(Case.first_response_at, plain)
    recently = Case.first_response_at > now - timedelta(days=RESPONSE_DAYS)
    waits: Waits = defaultdict(list)
    for queue, start, end in session.execute(
        sa.select(Case.queue, received, answered).where(recently, Case.first_response_at <= now, _ALONE)
    ):
        waits[queue].append(end - start)
    return waits


def _sum(one: Figures, other: Figures) -> Figures:
    return Figures(
        open=one.open + other.open,
        new=one.new + other.new,
        waiting_internal=one.waiting_internal + other.waiting_internal,
        waiting_client=one.waiting_client + other.waiting_client,
        oldest=min(_present(one.oldest, other.oldest), default=None),
        due_today=one.due_today + other.due_today,
        breached=one.breached + other.breached,
        internal_missed=one.internal_missed + other.internal_missed,
        urgent=one.urgent + other.urgent,
        held=one.held + other.held,
        undelivered=one.undelivered + other.undelivered,
    )


def _present(*moments: datetime | None) -> Iterator[datetime]:
    return (moment for moment in moments if moment is not None)
