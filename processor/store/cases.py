"""Writes what was decided of a batch of mails: cases, messages, details, events and acknowledgements, in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.outgoing.compose import OutgoingMail
from processor.store import links, suppression
from processor.store.bulk import insert
from processor.store.copies import cases_of
from processor.store.events import DESK
from processor.store.following import follow_up
from processor.store.links import Link
from processor.store.models import (
    Case,
    CaseDetail,
    CaseMessage,
    Dispatch,
    Event,
    Outbox,
    Participant,
    Status,
    StoredAttachment,
)
from processor.store.outbox import come_back
from processor.store.surroundings import Arrival, contact_of
from processor.triage.correlation import Standing
from processor.triage.correspondent import mailbox_of
from processor.triage.subject import subject_key
from processor.triage.telling import ANSWER, COPY, told
from processor.triage.verdict import Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A mail with its verdict, and the acknowledgement that is to go out."""

    arrival: Arrival
    verdict: Verdict
    reference: str  # of the case opened or joined; empty for a duplicate
    language: str  # that the desk writes in
    outgoing: OutgoingMail | None = None
    note: str | None = None  # why the operator's own template was not used, or no mail could be addressed


def record(session: Session, batch: Sequence[Decided], now: datetime) -> dict[int, int]:
    """Everything that follows from these verdicts; returns the case of each ledger row that has one."""
    case_of = _open_cases(session, batch) | _joined(batch)
    told_on = case_of | _cases_of_copies(session, batch, case_of)
    insert(session, Event, (row for one in batch for row in _events(one, told_on.get(one.arrival.inbound_id), now)))
    kept = [one for one in batch if one.verdict.outcome is not Outcome.DUPLICATE]
    message_ids = _insert_messages(session, kept, case_of)
    insert(session, StoredAttachment, _attachments(kept, message_ids))
    answers = ((one, one.outgoing) for one in kept if one.outgoing is not None)
    insert(session, Outbox, (_outbox(one, mail, case_of[one.arrival.inbound_id], now) for one, mail in answers))
    for one in kept:
        if one.verdict.outcome is Outcome.APPENDED:
            follow_up(session, one.verdict, case_of[one.arrival.inbound_id], one.arrival.received_at)
    links.link(session, _links(kept, case_of, now))
    _take_back(session, kept, now)
    return case_of


def _open_cases(session: Session, batch: Sequence[Decided]) -> dict[int, int]:
    opened = [one for one in batch if one.verdict.outcome is Outcome.CASE]
    if not opened:
        return {}
    statement = sa.insert(Case).returning(Case.id, sort_by_parameter_order=True)
    ids = session.scalars(statement, [_case(one) for one in opened]).all()
    insert(session, Participant, _participants(opened, ids))
    insert(
        session, CaseDetail, (row for one, case_id in zip(opened, ids, strict=True) for row in _details(one, case_id))
    )
    return {one.arrival.inbound_id: case_id for one, case_id in zip(opened, ids, strict=True)}


def _joined(batch: Sequence[Decided]) -> dict[int, int]:
    return {
        one.arrival.inbound_id: one.verdict.correlation.case.id
        for one in batch
        if one.verdict.outcome is Outcome.APPENDED and one.verdict.correlation.case is not None
    }


def _cases_of_copies(session: Session, batch: Sequence[Decided], case_of: dict[int, int]) -> dict[int, int]:
    """Of each mail of which another copy was taken in, the case of that one: nothing is dropped without a word."""
    first = {one.arrival.inbound_id: one.verdict.copy_of for one in batch if one.verdict.copy_of is not None}
    known = case_of | cases_of(session, set(first.values()) - case_of.keys())
    return {inbound_id: known[copied] for inbound_id, copied in first.items() if copied in known}


def _case(one: Decided) -> dict[str, Any]:
    verdict, message = one.verdict, one.arrival.message
    return {
        "reference": one.reference,
        "status": Status.NEW,
        "priority": verdict.routing.priority,
        "queue": verdict.routing.queue,
        "request_type": verdict.routing.request_type,
        "rule": verdict.routing.rule,
        "policy_version": verdict.routing.policy_version,
        "language": one.language,
        "subject": verdict.readable.subject,
        "requester_name": verdict.readable.from_name,
        "requester_address": message.sender.address if message.sender else "",
        "automatic": verdict.automatic.kind,
        "received_at": one.arrival.received_at,
        "promise_at": verdict.promise_at,
        "internal_due_at": verdict.internal_due_at,
        "offered_name": verdict.offer.name if verdict.offer else None,
        "offered_address": verdict.offer.address if verdict.offer else None,
    }


def _participants(opened: Sequence[Decided], ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Who wrote the first mail is a participant, unless he may be somebody else."""
    for one, case_id in zip(opened, ids, strict=True):
        sender = one.arrival.message.sender
        if sender is not None and one.verdict.correlation.standing is Standing.PARTICIPANT:
            yield {"case_id": case_id, "address": sender.address.casefold(), "role": "requester"}


def _details(one: Decided, case_id: int) -> Iterator[dict[str, Any]]:
    for found in one.verdict.details:
        yield {"case_id": case_id, "name": found.name, "value": found.value, "evidence": found.evidence}
    for name in one.verdict.missing:
        yield {"case_id": case_id, "name": name, "value": None, "evidence": None}


def _insert_messages(session: Session, kept: Sequence[Decided], case_of: dict[int, int]) -> Sequence[int]:
    if not kept:
        return ()
    statement = sa.insert(CaseMessage).returning(CaseMessage.id, sort_by_parameter_order=True)
    return session.scalars(statement, [_message(one, case_of[one.arrival.inbound_id]) for one in kept]).all()


def _message(one: Decided, case_id: int) -> dict[str, Any]:
    verdict, message = one.verdict, one.arrival.message
    return {
        "case_id": case_id,
        "inbound_id": one.arrival.inbound_id,
        "direction": "in",
        "message_id": message.message_id,
        "from_name": verdict.readable.from_name,
        "from_address": message.sender.address if message.sender else "",
        "from_key": contact_of(message),
        "standing": verdict.correlation.standing,
        "automatic": verdict.automatic.kind,
        "subject": verdict.readable.subject,
        "text": verdict.readable.text,
        "new_text": verdict.readable.new_text,
        "language": verdict.language,
        "received_at": one.arrival.received_at,
        "sent_at": message.sent_at,
    }


def _attachments(kept: Sequence[Decided], message_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    for one, message_id in zip(kept, message_ids, strict=True):
        for attachment in one.verdict.readable.attachments:
            yield {
                "message_id": message_id,
                "name": attachment.name,
                "declared_type": attachment.declared_type,
                "detected_type": attachment.detected_type,
                "size": attachment.size,
                "sha256": attachment.sha256,
                "inline": attachment.inline,
            }


def _outbox(one: Decided, mail: OutgoingMail, case_id: int, now: datetime) -> dict[str, Any]:
    key = mailbox_of(mail.recipient)
    return {
        "case_id": case_id,
        "purpose": "acknowledgement",
        "message_id": mail.message_id,
        "envelope_from": mail.envelope_from,
        "recipient": mail.recipient,
        "recipient_key": key,
        "recipient_domain": key.rpartition("@")[2],
        "subject_key": subject_key(one.arrival.message.subject),
        "content": mail.content,
        "state": Dispatch.DUE,
        "tries": 0,
        "created_at": now,
        "next_at": now,
    }


def _events(one: Decided, case_id: int | None, now: datetime) -> Iterator[dict[str, Any]]:
    """The story of this mail, as it is told from now on."""
    for kind, data in told(one.verdict, one.arrival.message, one.arrival.received_at):
        if kind == ANSWER:
            sent = {"message_id": one.outgoing.message_id if one.outgoing else None, "note": one.note}
            data |= sent | {"send": one.outgoing is not None}
        if kind == COPY:
            data |= {"mailbox": one.arrival.mailbox}
        yield {
            "case_id": case_id,
            "inbound_id": one.arrival.inbound_id,
            "at": now,
            "actor": DESK,
            "kind": kind,
            "data": data,
        }


def _links(kept: Sequence[Decided], case_of: dict[int, int], now: datetime) -> Iterator[dict[str, Any]]:
    """A case that follows one which is closed for good."""
    for one in kept:
        if (before := one.verdict.correlation.follows) is not None:
            case_id = case_of[one.arrival.inbound_id]
            yield {"case_id": case_id, "other_id": before.id, "kind": Link.FOLLOWS.value, "since": now, "actor": DESK}


def _take_back(session: Session, kept: Sequence[Decided], now: datetime) -> None:
    """Mails of ours that came back or were complained of, and who gets no automatic mail from now on."""
    reports = [(one, one.verdict.returned, one.verdict.returned.mail) for one in kept if one.verdict.returned]
    come_back(
        session, [(mail.id, returned.words) for _one, returned, mail in reports if returned.came_back and mail], now
    )
    suppressed = (
        {
            "address": mail.recipient,
            "reason": returned.suppress,
            "since": now,
            "actor": DESK,
            "case_id": one.verdict.correlation.case.id if one.verdict.correlation.case else None,
            "outbox_id": mail.id,
            "inbound_id": one.arrival.inbound_id,
        }
        for one, returned, mail in reports
        if returned.suppress is not None and mail
    )
    suppression.add(session, suppressed)
