"""An mbox file as a mailbox (RFC 4155), read only: other programs own it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import BinaryIO

from ingest.errors import Configuration, Transient
from ingest.files import FileMailbox, Kept, moment, uid_of
from ingest.mailbox import Cursor
from ingest.message import FetchedMessage, Withheld

LINE = 65_536  # octets of a line that are read at once
_DATE = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) +[A-Z][a-z]{2} +\d+ +\d+:\d\d"
_FROM_LINE = re.compile(rb"From (?:\S.* " + _DATE + rb".*|-?)\s*", re.DOTALL)  # Thunderbird leaves sender and date out
_ESCAPED = re.compile(rb">+From ")


class MboxMailbox(FileMailbox):
    """A message is known by its content, since its place changes whenever the file is rewritten.

    The file is locked against writers while it is read, and not read again until it changed.
    """

    PROCESSED = ""  # nothing can be moved out of it

    _quiet: tuple[int, int, int] | None = None  # the file as it was when nothing in it was new

    def look(self) -> None:
        if self.after == "move":
            self.put_away(set())
        open(self.path, "rb").close()

    def put_away(self, uids: set[int]) -> None:  # noqa: ARG002 - none of them can be
        raise Configuration(
            f"Mailbox {self.name}: messages cannot be moved out of the mbox {self.path}; set after to leave."
        )

    def kept(self) -> Iterator[Kept]:
        seen = set()
        with open(self.path, "rb") as file:
            self._lock(file)
            changed = moment(os.fstat(file.fileno()).st_mtime)
            for message in self._messages(file):
                uid = uid_of(message.digest.digest())
                if uid not in seen:
                    seen.add(uid)
                    yield message.kept(uid, changed)

    def fetch_after(self, cursor: Cursor) -> Iterator[tuple[Cursor, Sequence[FetchedMessage | Withheld]]]:
        state = self._state()
        if state == self._quiet:
            return
        gave = False
        for batch in super().fetch_after(cursor):
            gave = True
            yield batch
        if not gave:
            self._quiet = state

    def _state(self) -> tuple[int, int, int]:
        with self.explaining():
            status = os.stat(self.path)
        return status.st_ino, status.st_size, status.st_mtime_ns

    def _lock(self, file: BinaryIO) -> None:
        try:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:
            raise Transient(
                f"Mailbox {self.name}: another program is writing to {self.path}. The next pass tries again."
            ) from error

    def _messages(self, file: BinaryIO) -> Iterator[_Gathered]:
        """Split at From_ lines after blank ones; the blank line before a From_ line belongs to neither message."""
        message: _Gathered | None = None
        blank, starts_line = b"", True
        while piece := file.readline(LINE):
            if starts_line and (blank or message is None) and _is_from_line(piece):
                if message is not None:
                    yield message
                message, blank = _Gathered(piece, self.limits.message_bytes), b""
            elif message is not None:
                message.add(blank)
                blank = piece if starts_line and not piece.strip(b"\r\n") else b""
                if not blank:
                    message.add(_unescaped(piece) if starts_line else piece)
            elif piece.strip():
                raise Configuration(
                    f"Mailbox {self.name}: {self.path} is not an mbox, since it does not begin with a From_ line. "
                    "Mend the path or the kind."
                )
            starts_line = piece.endswith(b"\n")
        if message is not None:
            yield message


class _Gathered:
    """One message while its lines come. Of a message above the limit no more is kept than the limit."""

    def __init__(self, from_line: bytes, limit: int) -> None:
        self.digest = hashlib.sha256()
        self._from_line = from_line
        self._limit = limit
        self._size = 0
        self._raw = bytearray()

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        self.digest.update(piece)
        if len(self._raw) < self._limit:
            self._raw += piece

    def kept(self, uid: int, changed: datetime) -> Kept:
        raw = bytes(self._raw)
        received_at = _delivered_at(self._from_line) or changed
        return Kept(uid=uid, size=self._size, received_at=received_at, read=lambda octets: raw[:octets])


def _is_from_line(line: bytes) -> bool:
    return len(line) < 256 and _FROM_LINE.fullmatch(line) is not None


def _unescaped(line: bytes) -> bytes:
    """One quote sign off what was a From_ line in the text (mboxrd)."""
    return line[1:] if _ESCAPED.match(line) else line


def _delivered_at(from_line: bytes) -> datetime | None:
    """The date after the sender's address; in UTC where it names no zone, as RFC 4155 wants it."""
    _, _, date = from_line.decode("ascii", "replace").removeprefix("From ").partition(" ")
    try:
        parts = parsedate_tz(date)
        if parts is None:
            return None
        zone = timezone(timedelta(seconds=parts[9] or 0))
        return datetime(*parts[:6], tzinfo=zone).astimezone(UTC)
    except (ValueError, IndexError, OverflowError):
        return None
