"""Asks again for the messages that a mailbox withheld: three tries each, then quarantine (I5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ingest.mailbox import Cursor, Mailbox
from ingest.message import FetchedMessage, Withheld
from processor.outgoing.view import one_line
from processor.stages.desk import Desk
from processor.store import ledger, withheld
from processor.store.withheld import Row
from processor.triage.redaction import redact

REASON_LENGTH = 500  # characters
LONGEST = timedelta(seconds=10)  # then the pass ends, so that new mail comes first again

RECREATED = "Its folder was recreated before it could be fetched: what is there now is taken in anew."
ELSEWHERE = "It was withheld by a folder that the policy names no more."
GONE = "It was withheld, and is in its folder no more: moved or deleted."


def refetch(desk: Desk, mailbox: Mailbox, cursor: Cursor, rows: Sequence[Row]) -> Iterator[int]:
    """Of these rows those that are due; gives the number of messages that came, after each commit.

    New mail comes before: what breaks the connection again must cost nobody but itself.
    """
    here, before, elsewhere = withheld.parted(rows, cursor)
    began = desk.now()
    if before or elsewhere:
        with desk.store.writing() as session:
            ledger.advance_cursor(session, mailbox.name, cursor, cursor, began)
            withheld.vanished(session, [row.id for row in before], RECREATED, began)
            withheld.given_up(session, elsewhere, ELSEWHERE, began)
    due = {row.uid: row for row in here if row.due(began)}
    if not due:
        return
    desk.require_rules()
    seen: set[int] = set()
    for batch in mailbox.fetch([row.held for row in due.values()]):
        seen |= {message.uid for message in batch}
        yield _settle(desk, mailbox, cursor, due, batch)
        if desk.now() - began > LONGEST:
            return
    gone = [row.id for uid, row in due.items() if uid not in seen]
    with desk.store.writing() as session:
        ledger.advance_cursor(session, mailbox.name, cursor, cursor, desk.now())
        withheld.vanished(session, gone, GONE, desk.now())


def _settle(
    desk: Desk, mailbox: Mailbox, cursor: Cursor, due: dict[int, Row], batch: Sequence[FetchedMessage | Withheld]
) -> int:
    now = desk.now()
    came = [message for message in batch if isinstance(message, FetchedMessage)]
    refused = [presentable(message) for message in batch if isinstance(message, Withheld)]
    with desk.store.writing() as session:
        ledger.advance_cursor(session, mailbox.name, cursor, cursor, now)  # it is still ours to read
        withheld.came(session, mailbox.name, {uid: row.id for uid, row in due.items()}, came, now)
        last = withheld.refused(session, due, refused, now)
    if came:
        numbers = [due[message.uid].id for message in came]
        desk.log.info("received", mailbox=mailbox.name, messages=len(came), inbound=numbers)
    for message in refused:
        row = due[message.uid]
        tell(
            desk, mailbox, message, "quarantined" if row.id in last else "withheld", inbound=row.id, tries=row.tries + 1
        )
    return len(came)


def presentable(message: Withheld) -> Withheld:
    """Its reason redacted, and then cut: half a bank detail is not known as one."""
    words = f"It could not be fetched: {message.reason}."
    return replace(message, reason=one_line(redact(words).text, REASON_LENGTH))


def tell(desk: Desk, mailbox: Mailbox, message: Withheld, words: str, **more: Any) -> None:
    """In the log."""
    desk.log.warning(words, mailbox=mailbox.name, uid=message.uid, reason=message.reason, **more)
