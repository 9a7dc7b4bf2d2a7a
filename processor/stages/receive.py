"""Receive: raw bytes and cursor are committed first; only then is the server touched (I2). Never parses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.batches import pieces
from ingest.mailbox import Cursor, Mailbox
from ingest.message import FetchedMessage, Withheld
from ingest.start import from_its_beginning
from processor.stages.desk import Desk
from processor.stages.refetch import presentable, refetch, tell
from processor.store import ledger, withheld
from processor.store.disk import require_room

FILED_AT_ONCE = 500  # UIDs in one round of filing away


def receive(desk: Desk, mailbox: Mailbox) -> Iterator[int]:
    """One pass over an open mailbox; gives the number of messages after each commit.

    Raises Transient before it fetches anything that the disk may have no room for, and Configuration before it takes in
    what could not be decided.
    """
    floor = desk.policy.health.disk_floor_megabytes
    require_room(desk.store, floor)
    with desk.store.reading() as session:
        known = ledger.read_cursor(session, mailbox.name, mailbox.folder)
        unfiled = ledger.unfiled(session, mailbox.name, known) if known else ()
        waiting = withheld.waiting(session, mailbox.name)
    cursor = known or _first_cursor(desk, mailbox)
    _file(desk, mailbox, cursor, unfiled)
    for reached, given in mailbox.fetch_after(cursor):
        desk.require_rules()
        _take_in(desk, mailbox, cursor, reached, given)
        cursor = reached
        yield len(given)
        require_room(desk.store, floor)
    for count in refetch(desk, mailbox, cursor, waiting):
        file_away(desk, mailbox, cursor)
        yield count


def _first_cursor(desk: Desk, mailbox: Mailbox) -> Cursor:
    """Where the policy says to begin. A folder with a UIDVALIDITY that was read under another name was renamed: what
    came meanwhile is no history, so it is read from its beginning, and digests tell what is known.
    """
    now = desk.now()
    first = mailbox.start_cursor(now)
    with desk.store.writing() as session:
        before = ledger.read_elsewhere(session, mailbox.name, first)
        if before is not None:
            again = from_its_beginning(before, uidvalidity=first.uidvalidity, history_uid=first.history_uid)
            first = replace(again, folder=first.folder)
        ledger.begin_cursor(session, mailbox.name, first, now)
    desk.log.info("first start", mailbox=mailbox.name, after_uid=first.uid, since=str(first.since))
    return first


def _take_in(
    desk: Desk, mailbox: Mailbox, before: Cursor, cursor: Cursor, given: Sequence[FetchedMessage | Withheld]
) -> None:
    now = desk.now()
    given = [presentable(one) if isinstance(one, Withheld) else one for one in given]
    taken = ledger.prepare(mailbox.name, given, now)
    with desk.store.writing() as session:
        ledger.advance_cursor(session, mailbox.name, before, cursor, now)
        new = ledger.take_in(session, taken)
    file_away(desk, mailbox, cursor)
    if given:
        desk.log.info("received", mailbox=mailbox.name, messages=len(given), up_to_uid=cursor.uid, inbound=new)
    for one in given:
        if isinstance(one, Withheld):
            tell(desk, mailbox, one, "withheld", tries=1)


def file_away(desk: Desk, mailbox: Mailbox, cursor: Cursor) -> None:
    """What is committed but not yet filed, this pass's and what a killed one left behind."""
    with desk.store.reading() as session:
        waiting = ledger.unfiled(session, mailbox.name, cursor)
    _file(desk, mailbox, cursor, waiting)


def _file(desk: Desk, mailbox: Mailbox, cursor: Cursor, uids: Sequence[int]) -> None:
    for some in pieces(uids, FILED_AT_ONCE):
        done = mailbox.file_away(cursor, some)
        with desk.store.writing() as session:
            ledger.mark_filed(session, mailbox.name, cursor, done, desk.now())
