"""Deliver: due outbox rows are attempted (committed first), handed to SMTP, and settled with the server's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from processor.outgoing.compose import OutgoingMail
from processor.outgoing.smtp import Delivery, Outcome, Sender
from processor.stages.desk import Desk
from processor.store import events, outbox
from processor.store.models import Dispatch

LEASE = timedelta(minutes=15)  # an attempt that is not settled by then died with its worker
LEASE_USED = timedelta(minutes=5)  # no new mail is begun after this much of the lease

STATES = {
    Outcome.DELIVERED: Dispatch.SENT,
    Outcome.REFUSED: Dispatch.FAILED,
    Outcome.DEFERRED: Dispatch.DUE,
    Outcome.UNKNOWN: Dispatch.UNKNOWN,
}


def deliver_batch(desk: Desk, sender: Sender) -> int:
    """Hand over what is due; returns how many mails there were."""
    begun = desk.now()
    with desk.store.claim(outbox.due(desk.policy.smtp.batch, begun)) as claim:
        if not claim.rows:
            return 0
        sender.connect()  # a server that is away costs no try
        with claim.writing() as session:
            outbox.mark_attempted(session, [row.id for row in claim.rows], begun + LEASE)
    settled: list[dict[str, Any]] = []
    try:
        for row in claim.rows:
            if desk.now() - begun > LEASE_USED:
                break
            settled.append(_attempt(desk, sender, row))
    finally:
        _settle(desk, claim.rows, settled)
    return len(settled)


def release_attempts(desk: Desk) -> int:
    """To be done while no other worker delivers: attempts without an end died with an earlier one."""
    with desk.store.writing() as session:
        return outbox.release(session, desk.now())


def _attempt(desk: Desk, sender: Sender, row: Any) -> dict[str, Any]:
    mail = OutgoingMail(
        message_id=row.message_id,
        envelope_from=row.envelope_from,
        recipient=row.recipient,
        content=row.content,
    )
    delivery = sender.send(mail)
    now = desk.now()
    state = STATES[delivery.outcome]
    pause = _pause(desk, row.tries)
    late = now + pause > row.created_at + timedelta(hours=desk.policy.smtp.give_up_hours)
    if late and state in (Dispatch.DUE, Dispatch.UNKNOWN):
        state = Dispatch.FAILED
    desk.log.info(
        "delivered" if state is Dispatch.SENT else state.value,
        inbound=row.inbound_id,
        case=row.reference,
        outbox=row.id,
        reply=delivery.reply,
    )
    return {
        "id": row.id,
        "attempt": row.tries + 1,
        "tries": row.tries + 1,
        "state": state,
        "next_at": now + pause,
        "settled_at": now if state in (Dispatch.SENT, Dispatch.FAILED) else None,
        "last_reply": delivery.reply,
        "event": _event(row, delivery, state, now),
    }


def _settle(desk: Desk, rows: Sequence[Any], settled: list[dict[str, Any]]) -> None:
    """One transaction for all of them; what was not begun is due again."""
    told = [one.pop("event") for one in settled]
    done = {one["id"] for one in settled}
    untouched = [
        {
            "id": row.id,
            "attempt": row.tries + 1,
            "tries": row.tries,
            "state": row.state if row.state is Dispatch.UNKNOWN else Dispatch.DUE,
            "next_at": desk.now(),
            "settled_at": None,
            "last_reply": row.last_reply,
        }
        for row in rows
        if row.id not in done
    ]
    with desk.store.writing() as session:
        outbox.settle(session, [*settled, *untouched])
        events.write(session, told)


def _pause(desk: Desk, tries: int) -> timedelta:
    """Doubled with each try, up to the longest."""
    smtp = desk.policy.smtp
    return timedelta(seconds=min(smtp.first_pause_seconds * 2 ** min(tries, 20), smtp.longest_pause_seconds))


def _event(row: Any, delivery: Delivery, state: Dispatch, now: datetime) -> dict[str, Any]:
    return {
        "case_id": row.case_id,
        "at": now,
        "actor": events.DESK,
        "kind": f"{row.purpose} {state.value}",
        "data": {"to": row.recipient, "message_id": row.message_id, "try": row.tries + 1, "reply": delivery.reply},
    }
