"""What a mailbox is, wherever it is kept, and how far it was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from ingest.bell import Bell
from ingest.message import FetchedMessage, Withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a folder was read (RFC 3501 section 2.3.1.1: a UID means something only under its UIDVALIDITY)."""

    folder: str
    uidvalidity: int
    uid: int  # the last one taken in; 0 before the first
    since: datetime | None = None  # history received before this is not taken in
    history_uid: int = 0  # messages up to this UID were there before the desk: `since` applies to them alone
    careful_uid: int = (
        0  # messages up to this UID are fetched one by one, since a fetch of several broke the connection
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A message that a folder holds, not fetched."""

    uidvalidity: int
    uid: int
    size: int  # octets, as the server tells: it may be an estimate, and 0 where it told none
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one batch, and one message, may bring."""

    batch_messages: int = 50
    batch_bytes: int = 8_000_000
    message_bytes: int = 25_000_000  # a larger message is fetched by its beginning only


class Mailbox(Protocol):
    """A place that mail arrives in. Opened by `with`; used by one thread at a time.

    Every method raises Transient where the place cannot be reached now,
    Configuration where a person must mend something.
    """

    name: str  # of the mailbox, in the policy
    folder: str  # that is read
    moves: bool  # taken messages go to a processed folder

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def check(self) -> str:
        """Log in, look at the folder, change nothing; one sentence of what was found."""
        ...

    def start_cursor(self, now: datetime) -> Cursor:
        """Where a first start begins, by the mailbox's own policy (from now on, since a date, everything)."""
        ...

    def fetch_after(self, cursor: Cursor) -> Iterator[tuple[Cursor, Sequence[FetchedMessage | Withheld]]]:
        """Batches of what came after the cursor, oldest first, each with the cursor to commit beside it.

        Where the UIDVALIDITY changed, everything is given again under the new one: digests tell what is known.
        A batch can be empty where only the cursor moves on. A message that cannot be had is withheld, with the reason,
        and holds up no other.
        """
        ...

    def wait(self, woken: Bell, seconds: float) -> str:
        """Rest until there may be mail, the bell rings, or so many seconds are over; sooner where it cannot listen.

        To be called after a pass. Returns what kept it from listening for mail, else "".
        """
        ...

    def file_away(self, cursor: Cursor, uids: Sequence[int]) -> Sequence[int]:
        """Move, flag or leave these messages, as the policy says; repeatable. Returns the UIDs that are done."""
        ...

    def listing(self) -> Sequence[int]:
        """The UIDs that the folder holds now."""
        ...

    def inventory(self) -> Iterator[Held]:
        """Every message that the folder holds now, without fetching one."""
        ...

    def fetch(self, held: Sequence[Held]) -> Iterator[Sequence[FetchedMessage | Withheld]]:
        """These messages in batches within the limits; what is gone meanwhile is merely missing."""
        ...

    def processed(self) -> Self | None:
        """The processed folder as a mailbox that is only looked at, not yet entered; None where there is none."""
        ...
