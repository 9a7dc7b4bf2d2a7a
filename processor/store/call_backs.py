"""Calls over a second channel about held cases: on which numbers, with what outcome, confirmed by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.models import CallBack, Case, Contact, ContactPhone, Event
from processor.triage.diversion_values import Level
from processor.triage.kinds import DIVERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """The latest call about a case."""

    id: int
    at: datetime
    actor: str
    number: str
    outcome: str


def numbers_on_file(session: Session, contact_id: int, before: datetime) -> list[str]:
    """Of this contact, as they were before that moment: whoever diverts money sends a new number first."""
    query = sa.select(ContactPhone.number).where(ContactPhone.contact_id == contact_id, ContactPhone.since < before)
    return list(session.scalars(query.order_by(ContactPhone.number)))


def contact_named(session: Session, code: str) -> int | None:
    """The contact of this code."""
    return session.scalar(sa.select(Contact.id).where(Contact.code == code))


def first_held(session: Session, case_id: int) -> datetime | None:
    """When a mail first held the case, or one that was merged into it; None where none did."""
    parts = sa.select(Case.id).where(sa.or_(Case.id == case_id, Case.merged_into == case_id))
    query = sa.select(Event.at, Event.data).where(Event.case_id.in_(parts), Event.kind == DIVERSION)
    return min((at for at, data in session.execute(query) if data["level"] == Level.HOLD), default=None)


def latest(session: Session, case_id: int, since: datetime) -> Called | None:
    """The last call about the case since that moment which nobody has confirmed yet: each call serves once."""
    columns = (CallBack.id, CallBack.at, CallBack.actor, CallBack.number, CallBack.outcome)
    query = sa.select(*columns).where(CallBack.case_id == case_id, CallBack.at >= since)
    query = query.where(CallBack.confirmed_at.is_(None))
    row = session.execute(query.order_by(CallBack.id.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else Called(**row)


def note_call(session: Session, values: dict[str, Any]) -> None:
    """A call, as a row of its own."""
    session.execute(sa.insert(CallBack).values(confirmed_at=None, confirmed_by=None, **values))


def note_confirmed(session: Session, call: Called, actor: str, now: datetime) -> None:
    """The second person."""
    statement = sa.update(CallBack).where(CallBack.id == call.id).values(confirmed_at=now, confirmed_by=actor)
    session.execute(statement, execution_options={"synchronize_session": False})


def calls_of(session: Session, case_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Every call about these cases, oldest first."""
    names = ("at", "actor", "number", "on_file", "spoke_with", "outcome", "confirmed_at", "confirmed_by")
    rows = session.scalars(sa.select(CallBack).where(CallBack.case_id.in_(case_ids)).order_by(CallBack.id))
    return [{name: getattr(row, name) for name in names} for row in rows]
