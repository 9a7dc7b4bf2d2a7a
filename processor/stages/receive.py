"""Receive: raw bytes and cursor are committed first; only then is the server touched (I2). Never parses."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.mailbox import Cursor, Mailbox
from processor.stages.desk import Desk
from processor.store import ledger
from processor.store.disk import require_room

FILED_AT_ONCE = 500  # UIDs in one round of filing away


def receive(desk: Desk, mailbox: Mailbox) -> Iterator[int]:
    """One pass over an open mailbox; gives the number of messages after each commit.

    Raises Transient before it fetches anything that the disk may have no room for.
    """
    floor = desk.policy.health.disk_floor_megabytes
    require_room(desk.store, floor)
    cursor = _cursor(desk, mailbox)
    file_away(desk, mailbox, cursor)
    for reached, messages in mailbox.fetch_after(cursor):
        now = desk.now()
        taken = ledger.prepare(mailbox.name, messages, now)
        with desk.store.writing() as session:
            ledger.advance_cursor(session, mailbox.name, cursor, reached, now)
            new = ledger.take_in(session, taken)
        cursor = reached
        file_away(desk, mailbox, cursor)
        if messages:
            desk.log.info("received", mailbox=mailbox.name, messages=len(messages), up_to_uid=cursor.uid, inbound=new)
        yield len(messages)
        require_room(desk.store, floor)


def _cursor(desk: Desk, mailbox: Mailbox) -> Cursor:
    """Where the last pass ended; on the first one, where the policy says to begin."""
    with desk.store.reading() as session:
        known = ledger.read_cursor(session, mailbox.name, mailbox.folder)
    if known is not None:
        return known
    now = desk.now()
    first = mailbox.start_cursor(now)
    with desk.store.writing() as session:
        ledger.begin_cursor(session, mailbox.name, first, now)
    desk.log.info("first start", mailbox=mailbox.name, after_uid=first.uid, since=str(first.since))
    return first


def file_away(desk: Desk, mailbox: Mailbox, cursor: Cursor) -> None:
    """What is committed but not yet filed, this pass's and what a killed one left behind."""
    with desk.store.reading() as session:
        waiting = ledger.unfiled(session, mailbox.name, cursor)
    for start in range(0, len(waiting), FILED_AT_ONCE):
        done = mailbox.file_away(cursor, waiting[start : start + FILED_AT_ONCE])
        with desk.store.writing() as session:
            ledger.mark_filed(session, mailbox.name, cursor, done, desk.now())
