"""What tests of mail in files share: a ledger in memory, and a pass that keeps it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ingest.files import FileMailbox
from ingest.mailbox import Cursor
from ingest.message import FetchedMessage


class Ledger:
    """Which UIDs were taken in; counts how often it was asked about how many."""

    def __init__(self) -> None:
        self.held: set[int] = set()
        self.asked = 0

    def taken(self, uidvalidity: int, uids: Sequence[int]) -> set[int]:
        assert uidvalidity == 1
        self.asked += len(uids)
        return self.held & set(uids)


def take_in(mailbox: FileMailbox, ledger: Ledger, cursor: Cursor) -> list[FetchedMessage]:
    """One pass, as receive does it: committed first, then filed away."""
    messages: list[FetchedMessage] = []
    for reached, batch in mailbox.fetch_after(cursor):
        ledger.held |= {message.uid for message in batch}
        uids = [message.uid for message in batch]
        assert mailbox.file_away(reached, uids) == uids
        messages += batch
    return messages


def write(file: Path, octets: bytes, at: datetime) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(octets)
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file
