"""What is on record for asking a client again: what is missing, whom we may write to, which mails it follows."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.outgoing.compose import OutgoingMail
from processor.store.models import Case, CaseDetail, CaseMessage, Dispatch, Outbox, Participant, Suppression
from processor.triage.addressing import without_tag
from processor.triage.correspondent import mailbox_of

PURPOSE = "asking"  # of the first such mail of a case; of the second asking-2, and so on
_THREAD = 20  # Message-IDs; an older one helps no mail program


def missing(session: Session, case_id: int) -> tuple[str, ...]:
    """The names of the details that the case lacks, in the order in which they were noted."""
    query = sa.select(CaseDetail.name).where(CaseDetail.case_id == case_id, CaseDetail.value.is_(None))
    return tuple(dict.fromkeys(session.scalars(query.order_by(CaseDetail.id))))


def is_participant(session: Session, case_id: int, address: str) -> bool:
    """He may hear of the case."""
    return session.get(Participant, (case_id, address.casefold())) is not None


def suppressed(session: Session, address: str) -> str | None:
    """Why nothing is sent to this address; None where it is not on the list."""
    spelt = {address.casefold(), without_tag(address.casefold())}
    return session.scalar(sa.select(Suppression.reason).where(Suppression.address.in_(spelt)).limit(1))


def thread(session: Session, case_id: int, address: str) -> tuple[str | None, tuple[str, ...]]:
    """The Message-ID of this address's latest mail of the case, and of what came and went before, oldest first."""
    parts = sa.select(Case.id).where(sa.or_(Case.id == case_id, Case.merged_into == case_id))
    came = sa.select(CaseMessage.message_id, CaseMessage.received_at, CaseMessage.from_address)
    rows = session.execute(came.where(CaseMessage.case_id.in_(parts), CaseMessage.message_id.is_not(None))).all()
    went = sa.select(Outbox.message_id, Outbox.created_at).where(Outbox.case_id.in_(parts))
    mails = [(row.received_at, row.message_id) for row in rows]
    mails += [(row.created_at, row.message_id) for row in session.execute(went)]
    his = [(row.received_at, row.message_id) for row in rows if row.from_address.casefold() == address.casefold()]
    return max(his)[1] if his else None, tuple(name for _, name in sorted(mails)[-_THREAD:])


def next_purpose(session: Session, case_id: int) -> str:
    """Of the next such mail of this case: each has its own, and so a Message-ID of its own."""
    query = sa.select(sa.func.count()).where(Outbox.case_id == case_id, Outbox.purpose.startswith(PURPOSE))
    asked = session.scalar(query) or 0
    return PURPOSE if asked == 0 else f"{PURPOSE}-{asked + 1}"


def post(session: Session, case_id: int, purpose: str, mail: OutgoingMail, now: datetime) -> None:
    """The mail is due at once."""
    key = mailbox_of(mail.recipient)
    session.add(
        Outbox(
            case_id=case_id,
            purpose=purpose,
            message_id=mail.message_id,
            envelope_from=mail.envelope_from,
            recipient=mail.recipient,
            recipient_key=key,
            recipient_domain=key.rpartition("@")[2],
            subject_key="",
            content=mail.content,
            state=Dispatch.DUE,
            tries=0,
            created_at=now,
            next_at=now,
        )
    )
    session.flush()
