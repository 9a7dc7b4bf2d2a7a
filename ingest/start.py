"""Where a first start begins in a mailbox that already holds mail, and which of that mail is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal

from ingest.mailbox import Cursor
from ingest.message import utc

Start = Literal["now", "everything"] | date

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # where no time can be read: old, so that nobody is promised anything


def history_begins(start: Start, now: datetime) -> datetime | None:
    """The moment before which mail is history; None where all of it is wanted. A date begins at 00:00 UTC."""
    if start == "everything":
        return None
    if start == "now":
        return utc(now)
    return datetime(start.year, start.month, start.day, tzinfo=UTC)


def is_history(cursor: Cursor, uid: int, received_at: datetime) -> bool:
    """Whether this message was there before the desk, and is too old to be taken in."""
    return cursor.since is not None and uid <= cursor.history_uid and received_at < cursor.since


def from_its_beginning(cursor: Cursor, *, uidvalidity: int, history_uid: int) -> Cursor:
    """To read a folder anew whose UIDs are new. History stays left out, by time alone; of the second in which the desk
    began nothing is, since servers tell times in whole seconds.
    """
    since = None if cursor.since is None else cursor.since.replace(microsecond=0)
    return replace(cursor, uidvalidity=uidvalidity, uid=0, since=since, history_uid=history_uid, careful_uid=0)
