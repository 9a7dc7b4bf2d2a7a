"""What is on record of cases: lists of them, and the whole story of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.call_backs import calls_of
from processor.store.links import links_of
from processor.store.models import (
    UNDELIVERED,
    UNSETTLED,
    Base,
    Case,
    CaseDetail,
    CaseMessage,
    Event,
    Outbox,
    Participant,
    Status,
    StoredAttachment,
)
from processor.triage.redaction import redact

LISTED = ("reference", "status", "priority", "queue", "request_type", "subject", "requester_name", "requester_address",
          "language", "received_at", "promise_at", "internal_due_at", "first_response_at", "owner", "diversion",
          "held_since", "released_at")  # fmt: skip

# Kept as they were written, since mail is sent to them and found by them; a sender can make bank details of them (I9).
KEYS = frozenset(("requester_address", "from_address", "recipient", "message_id", "offered_address"))


def list_cases(session: Session, queue: str | None, status: Status | None, limit: int) -> list[dict[str, Any]]:
    """Cases, newest first, with who of them could not be reached; without a status those not resolved or closed."""
    wanted = (Case.status == status) if status else Case.status.in_(UNSETTLED)
    query = (
        sa.select(Case)
        .where(wanted, Case.merged_into.is_(None))
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(limit)
    )
    if queue:
        query = query.where(Case.queue == queue)
    cases = session.scalars(query).all()
    unreached = _undelivered(session, [case.id for case in cases])
    return [{**_fields(case, LISTED), "held": _held(case), "undelivered": unreached.get(case.id)} for case in cases]


def tell_story(session: Session, reference: str) -> dict[str, Any] | None:
    """Everything on record of a case and of those merged into it, as people may read it; of one that was itself merged
    the survivor's. None where there is no such case.
    """
    named = session.scalar(sa.select(Case).where(Case.reference == reference))
    case = session.get(Case, named.merged_into) if named is not None and named.merged_into is not None else named
    if case is None:
        return None
    merged = session.scalars(sa.select(Case).where(Case.merged_into == case.id).order_by(Case.id)).all()
    parts = [case.id, *(part.id for part in merged)]
    messages = _once(_of(session, CaseMessage, parts, CaseMessage.received_at))
    ids = [message.id for message in messages]
    files = session.scalars(sa.select(StoredAttachment).where(StoredAttachment.message_id.in_(ids))).all()
    people = session.scalars(sa.select(Participant.address).where(Participant.case_id == case.id)).all()
    return {
        **_fields(
            case,
            (
                *LISTED,
                "rule",
                "policy_version",
                "automatic",
                "closed_at",
                "reopened_at",
                "offered_name",
                "offered_address",
            ),
        ),
        "held": _held(case),
        "undelivered": _undelivered(session, [case.id]).get(case.id),
        "merged": [part.reference for part in merged],
        "links": links_of(session, parts),
        "call_backs": calls_of(session, parts),
        "participants": sorted(redact(address).text for address in people),
        "details": [_fields(row, DETAIL) for row in _of(session, CaseDetail, parts)],
        "messages": [
            {
                **_fields(message, MESSAGE),
                "attachments": [_fields(file, FILE) for file in files if file.message_id == message.id],
            }
            for message in messages
        ],
        "outbox": [_fields(row, OUTBOX) for row in _of(session, Outbox, parts)]
        or [_fields(row, OUTBOX) for row in _shared(session, case)],
        "events": [_fields(row, EVENT) for row in _of(session, Event, parts)],
    }


MESSAGE = ("direction", "message_id", "from_name", "from_address", "standing", "automatic", "subject", "text",
           "new_text", "language", "received_at", "sent_at")  # fmt: skip
DETAIL = ("name", "value", "evidence", "line", "certainty", "normal")
FILE = ("name", "declared_type", "detected_type", "size", "sha256", "inline", "unread")
EVENT = ("at", "actor", "kind", "data", "inbound_id")
OUTBOX = ("purpose", "recipient", "message_id", "state", "tries", "created_at", "next_at", "settled_at", "last_reply")


def _held(case: Case) -> bool:
    """Two people must confirm before it can be resolved or closed."""
    return case.held_since is not None and case.released_at is None


def _undelivered(session: Session, case_ids: Sequence[int]) -> dict[int, str]:
    """Of these cases, and of what was merged into them, those of which a mail failed for good or came back: to whom,
    and the server's last words.
    """
    query = (
        sa.select(sa.func.coalesce(Case.merged_into, Case.id), Outbox.recipient, Outbox.last_reply)
        .join(Case, Outbox.case_id.in_((Case.id, Case.acknowledged_with)))
        .where(sa.or_(Case.id.in_(case_ids), Case.merged_into.in_(case_ids)), Outbox.state.in_(UNDELIVERED))
        .order_by(Outbox.id)
    )
    return {
        case_id: f"{redact(recipient).text} could not be reached: {reply or 'no reason was given'}"
        for case_id, recipient, reply in session.execute(query)
    }


def _once(messages: Sequence[CaseMessage]) -> Sequence[CaseMessage]:
    """One mail made the cases of several teams, and these may have been merged."""
    return list({message.inbound_id or -message.id: message for message in messages}.values())


def _shared(session: Session, case: Case) -> Sequence[Outbox]:
    """The acknowledgement of another case that names this one as well."""
    query = sa.select(Outbox).where(Outbox.case_id == case.acknowledged_with, Outbox.purpose == "acknowledgement")
    return session.scalars(query).all()


def _of(session: Session, table: type[Any], case_ids: Sequence[int], first: Any = None) -> Sequence[Any]:
    """The rows of these cases, in the order they were written."""
    order = (table.id,) if first is None else (first, table.id)
    return session.scalars(sa.select(table).where(table.case_id.in_(case_ids)).order_by(*order)).all()


def _fields(row: Base, names: Sequence[str]) -> dict[str, Any]:
    return {name: _shown(name, getattr(row, name)) for name in names}


def _shown(name: str, value: Any) -> Any:
    return redact(value).text if value and name in KEYS else value
