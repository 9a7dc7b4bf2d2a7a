"""What triage asks of the desk for a batch is found by indexes: it costs the same however old the desk is."""

from __future__ import annotations

from datetime import UTC, datetime

from support.plans import plans
from support.triage import KEY, RECEIVED, a_message, a_policy

from processor.store.database import Store
from processor.store.surroundings import Arrival, look_up
from processor.triage.correlation import claims_of
from processor.triage.reference import mint_reference, own_message_id

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def an_arrival(number: int) -> Arrival:
    """A mail that names a case, answers a mail of ours, and may be a copy."""
    reference = mint_reference("DD", lambda _: number)
    message = a_message(
        sender=f"client{number}@client.example",
        subject=f"[{reference}]",
        message_id=f"<{number}@client.example>",
        in_reply_to=(own_message_id(reference, "ack", KEY, "desk.example"),),
        content_sha256="1" * 64,
    )
    return Arrival(
        inbound_id=number,
        mailbox="inbox",
        sha256="0" * 64,
        size=100,
        received_at=RECEIVED,
        oversize=False,
        message=message,
        claims=claims_of(message, KEY, a_policy()),
    )


def test_whatever_a_batch_asks_is_found_by_an_index(store: Store) -> None:
    arrivals = [an_arrival(number) for number in range(3)]
    found = plans(store, lambda session: look_up(session, arrivals, ("gmail.com",), NOW))

    assert len(found) >= 8
    tables = ("inbound", "cases", "message", "outbox", "suppression", "participant")
    scanned = [f"SCAN {table}" for table in tables] + [f"Seq Scan on {table}" for table in tables]
    assert [plan for plan in found if any(scan in plan for scan in scanned)] == []
