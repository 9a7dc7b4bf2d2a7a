"""What people's work teaches: mails whose case was settled or moved by people, with the queue that it ended in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from processor.store.models import Case, CaseMessage, Event, Status
from processor.triage.automatic import Kind
from processor.triage.kinds import MOVED
from processor.triage.redaction import redact

MOST = 20_000  # mails, the latest
_AT_ONCE = 500  # rows in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A case's first mail, redacted, and what people made of it."""

    subject: str
    text: str  # the writer's own words
    queue: str
    request_type: str | None


def lessons(
    session: Session, nowhere: str, since: datetime | None = None, unknown: str | None = None
) -> Iterator[Lesson]:
    """Of persons' cases, the latest first; none that is still in the queue `nowhere`, where mails wait to be placed.
    `unknown`: the request type that says nothing.

    What was redacted when it came is redacted again: the desk may know more kinds of bank details by now.
    """
    moved = sa.select(Event.case_id).where(Event.kind == MOVED)
    worked = sa.or_(Case.status.in_((Status.RESOLVED, Status.CLOSED)), Case.id.in_(moved))
    came = aliased(CaseMessage)
    of_case = sa.select(sa.func.min(came.id)).where(came.case_id == Case.id, came.direction == "in")
    first = of_case.correlate(Case).scalar_subquery()
    query = (
        sa.select(CaseMessage.subject, CaseMessage.new_text, Case.queue, Case.request_type)
        .join(Case, CaseMessage.id == first)
        .where(worked, Case.merged_into.is_(None), Case.automatic == Kind.PERSON.value, Case.queue != nowhere)
        .order_by(Case.id.desc())
        .limit(MOST)
    )
    if since is not None:
        query = query.where(Case.received_at >= since)
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        subject, text = redact(row.subject).text, redact(row.new_text).text
        kind = row.request_type if row.request_type != unknown else None
        yield Lesson(subject=subject, text=text, queue=row.queue, request_type=kind)
