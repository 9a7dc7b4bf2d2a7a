"""Deliver: due outbox rows are attempted (committed first), handed to SMTP, and settled with the server's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from processor.outgoing.compose import OutgoingMail
from processor.outgoing.smtp import Delivery, Outcome, Sender
from processor.stages.desk import Desk
from processor.store import events, outbox, suppression
from processor.store.models import SETTLED, Dispatch
from processor.triage.redaction import redact
from processor.triage.refusal import is_absent, is_dead

LEASE = timedelta(minutes=15)  # an attempt that is not settled by then died with its worker
LEASE_USED = timedelta(minutes=5)  # no new mail is begun after this much of the lease
OVERTAKEN = "overtaken"  # how an attempt ended that another worker, or a delivery report, was quicker than

STATES = {
    Outcome.DELIVERED: Dispatch.SENT,
    Outcome.REFUSED: Dispatch.FAILED,
    Outcome.DEFERRED: Dispatch.DUE,
    Outcome.UNKNOWN: Dispatch.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one try of one mail, to its one recipient, ended."""

    row: Any
    state: Dispatch
    step: str  # of the conversation that decided
    words: str  # the server's, as people may read them
    gave_up: bool  # it was tried for long enough
    at: datetime
    next_at: datetime


def deliver_batch(desk: Desk, sender: Sender) -> int:
    """Hand over what is due; returns how many mails there were."""
    begun = desk.now()
    latest = begun + max(LEASE, timedelta(seconds=desk.policy.smtp.longest_pause_seconds))
    with desk.store.claim(outbox.due(desk.policy.smtp.batch, begun, latest)) as claim:
        if not claim.rows:
            return 0
        sender.connect()  # a server that is away costs no try
        with claim.writing() as session:
            outbox.mark_attempted(session, [row.id for row in claim.rows], begun + LEASE)
    attempts: list[Attempt] = []
    try:
        for row in claim.rows:
            if desk.now() - begun > LEASE_USED:
                break
            attempts.append(_attempt(desk, sender, row))
    finally:
        _settle(desk, claim.rows, attempts)
    return len(attempts)


def release_attempts(desk: Desk) -> int:
    """To be done while no other worker delivers: attempts without an end died with an earlier one."""
    with desk.store.writing() as session:
        return outbox.release(session, desk.now())


def _attempt(desk: Desk, sender: Sender, row: Any) -> Attempt:
    mail = OutgoingMail(
        message_id=row.message_id,
        envelope_from=row.envelope_from,
        recipient=row.recipient,
        content=row.content,
    )
    delivery = sender.send(mail)
    attempt = _ended(desk, row, delivery)
    desk.log.info(
        "delivered" if attempt.state is Dispatch.SENT else attempt.state.value,
        inbound=row.inbound_id,
        case=row.reference,
        outbox=row.id,
        reply=attempt.words,
    )
    return attempt


def _ended(desk: Desk, row: Any, delivery: Delivery) -> Attempt:
    """What follows from the server's answer, or from there being none."""
    now, pause = desk.now(), _pause(desk, row.tries)
    state = STATES[delivery.outcome]
    late = now + pause > row.created_at + timedelta(hours=desk.policy.smtp.give_up_hours)
    gave_up = late and state in (Dispatch.DUE, Dispatch.UNKNOWN)
    return Attempt(
        row=row,
        state=Dispatch.FAILED if gave_up else state,
        step=delivery.step,
        words=redact(delivery.reply).text,  # servers repeat the address, of which a sender can make bank details (I9)
        gave_up=gave_up,
        at=now,
        next_at=now + pause,
    )


def _settle(desk: Desk, rows: Sequence[Any], attempts: Sequence[Attempt]) -> None:
    """One transaction for all of them, with what follows for their recipients; what was not begun is due again."""
    done = {attempt.row.id for attempt in attempts}
    left = (row for row in rows if row.id not in done)
    with desk.store.writing() as session:
        ours = outbox.settle(session, [*map(_settled, attempts), *(_not_begun(row, desk.now()) for row in left)])
        events.write(session, [_event(attempt, overtaken=attempt.row.id not in ours) for attempt in attempts])
        suppression.add(
            session, (row for attempt in attempts if attempt.row.id in ours for row in _suppressed(attempt))
        )


def _settled(attempt: Attempt) -> dict[str, Any]:
    return {
        "id": attempt.row.id,
        "attempt": attempt.row.tries + 1,
        "tries": attempt.row.tries + 1,
        "state": attempt.state,
        "next_at": attempt.next_at,
        "settled_at": attempt.at if attempt.state in SETTLED else None,
        "last_reply": attempt.words,
    }


def _not_begun(row: Any, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "attempt": row.tries + 1,
        "tries": row.tries,
        "state": row.state if row.state is Dispatch.UNKNOWN else Dispatch.DUE,
        "next_at": now,
        "settled_at": None,
        "last_reply": row.last_reply,
    }


def _pause(desk: Desk, tries: int) -> timedelta:
    """Doubled with each try, up to the longest."""
    smtp = desk.policy.smtp
    return timedelta(seconds=min(smtp.first_pause_seconds * 2 ** min(tries, 20), smtp.longest_pause_seconds))


def _event(attempt: Attempt, *, overtaken: bool) -> dict[str, Any]:
    row = attempt.row
    told = {
        "to": redact(row.recipient).text,
        "message_id": row.message_id,
        "try": row.tries + 1,
        "reply": attempt.words,
    }
    return {
        "case_id": row.case_id,
        "at": attempt.at,
        "actor": events.DESK,
        "kind": f"{row.purpose} {OVERTAKEN if overtaken else attempt.state.value}",
        "data": told | ({"outcome": attempt.state.value} if overtaken else {}) | _how(attempt),
    }


def _how(attempt: Attempt) -> dict[str, Any]:
    return {"gave_up": attempt.gave_up} if attempt.state is Dispatch.FAILED else {}


def _suppressed(attempt: Attempt) -> Iterator[dict[str, Any]]:
    """The recipient, where it is he who cannot be reached: what is said before RCPT is said of us."""
    if attempt.state is not Dispatch.FAILED or attempt.step == "MAIL":
        return
    if is_absent(attempt.words) if attempt.gave_up else is_dead("", attempt.words):
        yield {
            "address": attempt.row.recipient,
            "reason": f"{'given up' if attempt.gave_up else 'refused'}: {attempt.words}",
            "since": attempt.at,
            "actor": events.DESK,
            "case_id": attempt.row.case_id,
            "outbox_id": attempt.row.id,
        }
