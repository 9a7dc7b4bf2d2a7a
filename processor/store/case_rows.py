"""The rows that follow from a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from processor.outgoing.compose import OutgoingMail
from processor.store.decided import Decided
from processor.store.models import Dispatch, Status
from processor.store.surroundings import contact_of
from processor.triage.correlation import Standing
from processor.triage.correspondent import mailbox_of
from processor.triage.details import FoundDetail
from processor.triage.subject import subject_key
from processor.triage.verdict import Verdict

_OF_A_VALUE = ("value", "evidence", "line", "certainty", "normal")  # None, all of them, of a detail that is missing


def case_row(one: Decided, now: datetime) -> dict[str, Any]:
    """A new case."""
    verdict, message = one.verdict, one.arrival.message
    return {
        "reference": one.reference,
        "status": Status.NEW,
        "priority": verdict.routing.priority,
        "queue": verdict.routing.queue,
        "request_type": verdict.routing.request_type,
        "owner": one.owner,
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
        "contact_id": _contact_id(verdict),
        "diversion": verdict.diversion.level,
        "held_since": now if verdict.diversion.holds else None,
    }


def _contact_id(verdict: Verdict) -> int | None:
    """Whose case it is, unless the sender may be somebody else."""
    return verdict.contact.id if verdict.contact is not None and not verdict.refuted else None


def participants(opened: Sequence[Decided], ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Who wrote the first mail is a participant, unless he may be somebody else."""
    for one, case_id in zip(opened, ids, strict=True):
        sender = one.arrival.message.sender
        if sender is not None and one.verdict.correlation.standing is Standing.PARTICIPANT:
            yield {"case_id": case_id, "address": sender.address.casefold(), "role": "requester"}


def details(one: Decided, case_id: int) -> Iterator[dict[str, Any]]:
    """What it states and what it lacks."""
    for found in one.verdict.details:
        yield detail_row(found, case_id)
    for name in one.verdict.missing:
        yield {"case_id": case_id, "name": name} | dict.fromkeys(_OF_A_VALUE)


def detail_row(found: FoundDetail, case_id: int) -> dict[str, Any]:
    """A detail that was found."""
    return {"case_id": case_id, "name": found.name} | {column: getattr(found, column) for column in _OF_A_VALUE}


def message_row(one: Decided, case_id: int) -> dict[str, Any]:
    """The mail, as people read it."""
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


def attachments(kept: Sequence[Decided], message_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """What is known of the files of these messages."""
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
                "unread": attachment.unread,
            }


def outbox_row(one: Decided, mail: OutgoingMail, case_id: int, now: datetime) -> dict[str, Any]:
    """The acknowledgement, due at once."""
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
