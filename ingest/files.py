"""Mail kept in files as a mailbox: what a Maildir, an mbox and a folder of .eml files have in common.

Files are in no lasting order, so no cursor can tell what is new. A message's UID is a digest of what identifies it in
its place, the same in every pass and after every restart; and `taken` asks the ledger which UIDs it holds. The cursor
stands still and carries only the moment before which mail is history.
"""

from __future__ import annotations

import errno
import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Literal, Self

from ingest.batches import batches, beginning
from ingest.bell import Bell
from ingest.errors import Configuration, Transient
from ingest.mailbox import Cursor, Held, Limits
from ingest.message import FetchedMessage, Withheld
from ingest.start import UNKNOWN_TIME, Start, history_begins, is_history

FileAfter = Literal["move", "leave"]
Taken = Callable[[int, Sequence[int]], set[int]]  # (uidvalidity, UIDs) -> those of them that the ledger holds

UNREADABLE = (errno.EACCES, errno.EPERM, errno.EIO)  # of this one file; any other failure is the whole place's
UIDVALIDITY = 1  # identities come from the messages themselves and never start anew
LARGEST_UID = 2**62


def uid_of(*identity: bytes) -> int:
    """A positive number that fits into a signed 64-bit integer, always the same for the same identity."""
    digest = hashlib.sha256(b"\0".join(identity)).digest()
    return int.from_bytes(digest[:8], "big") % LARGEST_UID + 1


def moment(seconds: float) -> datetime:
    """A file's time in UTC; one that no calendar holds is old, so that nobody is promised anything."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return UNKNOWN_TIME


def first_octets(path: Path, octets: int) -> bytes | None:
    """Of a regular file; None where it vanished, or became a link to elsewhere."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ELOOP):
            return None
        raise
    with open(descriptor, "rb") as file:
        return file.read(octets)


def status_of(path: str) -> os.stat_result | None:
    """Of the file itself, not of what a link points to; None where it vanished."""
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None


def rename(source: Path, target: Path) -> None:
    """Does nothing where the source vanished: somebody else was quicker."""
    try:
        source.rename(target)
    except FileNotFoundError:
        if source.exists():  # it is the target's folder that is missing
            raise


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A message where it is kept. `read` gives its first octets, or None where it vanished."""

    uid: int
    size: int
    received_at: datetime
    read: Callable[[int], bytes | None]


class FileMailbox(ABC):
    """A place in the file system. Each kind says what is there, and how messages are moved to the processed folder."""

    PROCESSED: ClassVar[str]  # the processed folder, beneath the path

    def __init__(
        self,
        *,
        name: str,
        path: Path,
        taken: Taken,
        after: FileAfter = "leave",
        start: Start = "everything",
        limits: Limits | None = None,
    ) -> None:
        self.name = name
        self.path = path
        self.folder = str(path)
        self.after = after
        self.moves = after == "move"
        self.start = start
        self.limits = limits or Limits()
        self._taken = taken
        self._known: set[int] = set()  # what the ledger is known to hold, so that it is asked once

    @abstractmethod
    def kept(self) -> Iterator[Kept]:
        """Every message that is there, oldest first, each UID once."""

    @abstractmethod
    def look(self) -> None:
        """Raises Configuration, or OSError, where the path is not what it should be."""

    @abstractmethod
    def put_away(self, uids: set[int]) -> None:
        """Move these messages to the processed folder; those that are gone are passed over."""

    def __enter__(self) -> Self:
        with self.explaining():
            self.look()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def check(self) -> str:
        count = len(self.listing())
        what = "are moved to the processed folder" if self.after == "move" else "stay as they are"
        return f"Mailbox {self.name} ({self.path}): readable; messages {count}; taken messages {what}."

    def start_cursor(self, now: datetime) -> Cursor:
        since = history_begins(self.start, now)
        return Cursor(folder=self.folder, uidvalidity=UIDVALIDITY, uid=0, since=since, history_uid=LARGEST_UID)

    def fetch_after(self, cursor: Cursor) -> Iterator[tuple[Cursor, Sequence[FetchedMessage | Withheld]]]:
        with self.explaining():
            self.look()
            wanted = (
                message
                for message in self.kept()
                if message.uid not in self._known and not is_history(cursor, message.uid, message.received_at)
            )
            for batch in batches(wanted, lambda message: message.size, self.limits):
                self._known |= self._taken(UIDVALIDITY, [message.uid for message in batch])
                fresh = [message for message in batch if message.uid not in self._known]
                if messages := [fetched for message in fresh if (fetched := self._fetched(message)) is not None]:
                    yield cursor, messages

    def _fetched(self, message: Kept) -> FetchedMessage | Withheld | None:
        large = message.size > self.limits.message_bytes
        try:
            raw = message.read(beginning(self.limits) if large else message.size)
        except OSError as error:
            if error.errno not in UNREADABLE:
                raise
            return self._withheld(message, f"{error.filename or self.path} cannot be read ({error.strerror})")
        if raw is None:
            return None
        return FetchedMessage(
            folder=self.folder,
            uidvalidity=UIDVALIDITY,
            uid=message.uid,
            received_at=message.received_at,
            size=message.size if large else len(raw),
            raw=raw,
        )

    def wait(self, woken: Bell, seconds: float) -> str:
        woken.wait(seconds)
        return ""

    def _withheld(self, message: Kept, reason: str) -> Withheld:
        return Withheld(
            folder=self.folder,
            uidvalidity=UIDVALIDITY,
            uid=message.uid,
            received_at=message.received_at,
            size=message.size,
            reason=reason,
        )

    def inventory(self) -> Iterator[Held]:
        with self.explaining():
            self.look()
            for message in self.kept():
                yield Held(uidvalidity=UIDVALIDITY, uid=message.uid, size=message.size, received_at=message.received_at)

    def fetch(self, held: Sequence[Held]) -> Iterator[Sequence[FetchedMessage | Withheld]]:
        uids = {message.uid for message in held}
        with self.explaining():
            wanted = (message for message in self.kept() if message.uid in uids)
            for batch in batches(wanted, lambda message: message.size, self.limits):
                yield [fetched for message in batch if (fetched := self._fetched(message)) is not None]

    def processed(self) -> Self | None:
        path = self.path / self.PROCESSED
        if not (self.moves and path.is_dir()):
            return None
        return type(self)(name=self.name, path=path, taken=self._taken, limits=self.limits)

    def file_away(self, cursor: Cursor, uids: Sequence[int]) -> Sequence[int]:  # noqa: ARG002 - part of the Protocol
        if self.after == "move":
            with self.explaining():
                self.put_away(set(uids))
        return list(uids)

    def listing(self) -> Sequence[int]:
        with self.explaining():
            self.look()
            return [message.uid for message in self.kept()]

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """A failure of the file system in the operator's words."""
        try:
            yield
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise Configuration(
                f"Mailbox {self.name}: {error.filename} is not there, or not of the kind that the policy says "
                f"({error.strerror}). Create it, or mend the path."
            ) from error
        except OSError as error:
            raise Transient(
                f"Mailbox {self.name}: {error.filename or self.path} cannot be used ({error.strerror}). "
                "Check that this user may read it, and move it where messages are moved. "
                "Nothing is lost; the next pass tries again."
            ) from error
