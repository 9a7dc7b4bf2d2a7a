"""What a comparison of ledger and server finds, in values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ingest.mailbox import Cursor, Held
from processor.store.reconciling import Row


class Kind(StrEnum):
    """What is wrong with a message."""

    MISSED = "missed"  # on the server, not in the ledger, though it was passed
    PUT_BACK = "put back"  # taken in before, and lies in the folder again
    UNFILED = "unfiled"  # taken in, and not filed away
    GONE = "gone"  # taken in, and on the server no more; its bytes are kept
    NO_BYTES = "no bytes"  # in the ledger, but its raw bytes are not kept
    ALTERED = "altered"  # the server has other bytes under its UID
    WITHHELD = "withheld"  # in the ledger without bytes: the server lists it, and did not give it so far
    LOST = "lost"  # withheld, and on the server no more


class Sort(StrEnum):
    """What is right with a message."""

    AGREED = "agreed"  # ledger and server tell the same
    WAITING = "waiting"  # not taken in yet: the next pass does
    HISTORY = "history"  # was there before the desk, left alone as the policy says
    COPY = "copies"  # in the processed folder once more, of bytes that were taken in
    GONE_KNOWN = "gone, on record"
    AWAY = "taken away"  # by people, from a mailbox where the desk leaves mail to them
    DISCARDED = "discarded"  # withheld by the server, and a person has done with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One message on which ledger and server do not agree."""

    kind: Kind
    folder: str
    uid: int
    received_at: datetime
    size: int
    row: Row | None = None
    held: Held | None = None


@dataclass(slots=True, kw_only=True)
class Comparison:
    """What was found of one mailbox."""

    rows: Sequence[Row]
    on_server: dict[str, int]  # messages by folder
    cursor: Cursor
    differences: list[Difference] = field(default_factory=list)
    sorts: Counter[Sort] = field(default_factory=Counter)
