"""The mails that opened cases, as the desk met them, and what it decided of each at that time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.models import Case, Event, Inbound, State
from processor.triage.kinds import ANSWER, DETAILS, DIVERSION, RECEIVED, ROUTED

_TOLD = (RECEIVED, ROUTED, DETAILS, DIVERSION, ANSWER)
_AT_ONCE = 500  # rows of a result in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What was decided of a mail as one case; or would be now."""

    team: str | None
    queue: str
    request_type: str | None
    priority: str
    rule: str
    policy_version: str
    missing: tuple[str, ...]
    acknowledged: bool
    reasons: tuple[tuple[str, str], ...]  # codes with their evidence
    note: str | None = None


@dataclass(slots=True, kw_only=True)
class Met:
    """A mail of the ledger that opened a case, or one for each of several teams."""

    inbound_id: int
    mailbox: str
    sha256: str | None
    size: int
    oversize: bool
    received_at: datetime
    decided_at: datetime
    references: list[str] = field(default_factory=list)  # of its cases, in the order of the placings
    subject: str = ""
    placed: list[Placing] = field(default_factory=list)
    signals: frozenset[str] = frozenset()  # of payment diversion, by code
    stranger: bool = False  # nothing was known of its sender's address


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of them."""

    since: datetime | None = None  # received then or later
    until: datetime | None = None  # received before
    queue: str | None = None  # that they went to
    limit: int | None = None  # the latest so many
    reference: str | None = None  # of this case alone


def met(session: Session, wanted: Wanted) -> list[Met]:
    """These mails, oldest first. The rule that was tried is told; all the others that were are left in the database."""
    ids = _ids(wanted).subquery()
    columns = (Event.inbound_id, Event.case_id, Event.kind, Event.data, Event.at)
    inbound = (Inbound.mailbox, Inbound.sha256, Inbound.size, Inbound.oversize, Inbound.received_at)
    query = (
        sa.select(*columns, *inbound, Case.reference, Case.subject)
        .join(ids, ids.c.id == Event.inbound_id)
        .join(Inbound, Inbound.id == Event.inbound_id)
        .join(Case, Case.id == Event.case_id)
        .where(Event.kind.in_(_TOLD))
        .order_by(Event.id)
    )
    told: dict[tuple[int, int], dict[str, Any]] = {}
    mails: dict[int, Met] = {}
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        mail = mails.setdefault(row.inbound_id, _mail(row))
        events = told.setdefault((row.inbound_id, row.case_id), {})
        events[row.kind] = row.data
        if row.kind == ANSWER and ROUTED in events:  # the last that is told of a mail
            mail.signals = frozenset(code for code, *_more in events.get(DIVERSION, {}).get("signals", ()))
            mail.stranger = events.get(RECEIVED, {}).get("contact", "not told") is None
            mail.references.append(row.reference)
            mail.placed.append(_placing(events))
            del told[row.inbound_id, row.case_id]
    return sorted((mail for mail in mails.values() if mail.placed), key=lambda one: (one.received_at, one.inbound_id))


def _ids(wanted: Wanted) -> sa.Select[*tuple[int]]:
    query = sa.select(Inbound.id).where(Inbound.state == State.CASE)
    if wanted.since is not None:
        query = query.where(Inbound.received_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Inbound.received_at < wanted.until)
    if wanted.queue is not None:
        went = sa.select(Event.inbound_id).where(Event.kind == ROUTED)
        query = query.where(Inbound.id.in_(went.where(Event.data["queue"].as_string() == wanted.queue)))
    if wanted.reference is not None:
        case = sa.select(Case.id).where(Case.reference == wanted.reference).scalar_subquery()
        query = query.where(Inbound.id.in_(sa.select(Event.inbound_id).where(Event.case_id == case)))
    return query.order_by(Inbound.received_at.desc(), Inbound.id.desc()).limit(wanted.limit)


def _mail(row: Any) -> Met:
    return Met(
        inbound_id=row.inbound_id,
        mailbox=row.mailbox,
        sha256=row.sha256,
        size=row.size,
        oversize=row.oversize,
        received_at=row.received_at,
        decided_at=row.at,
        subject=row.subject,
    )


def _placing(events: dict[str, Any]) -> Placing:
    routed, answer, details = events[ROUTED], events[ANSWER], events.get(DETAILS, {})
    reasons: Sequence[Sequence[str]] = answer["reasons"]
    return Placing(
        team=routed.get("team"),
        queue=routed["queue"],
        request_type=routed["request_type"],
        priority=routed["priority"],
        rule=routed["rule"],
        policy_version=routed["policy_version"],
        missing=tuple(details.get("missing", ())),
        acknowledged=answer["send"],
        reasons=tuple((code, evidence) for code, evidence in reasons),
        note=answer.get("note"),
    )
