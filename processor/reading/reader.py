"""Reads mails under limits; the one that kills its reader, hangs or bloats it is known, and the others go on."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ingest.errors import DeskError, Permanent
from ingest.message import Message
from processor.reading.limits import PATIENCE, Limits
from processor.reading.process import NONSENSE, Died, Process
from processor.store.raw import packed

if TYPE_CHECKING:
    from processor.policy import Run

Kept = tuple[str, bytes, int]  # a mail as the ledger keeps it: compression, compressed octets, how many they were


class Poison(DeskError):
    """Reading this mail ended the process that read it: it may be tried again, but not among others."""


Reading = Message | Permanent | Poison


class Reader:
    """Keeps one reading process, from the first mail on. For one thread; within `with`, since it must be ended."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def read(self, mails: Sequence[Kept], *, anew: bool = False, views: bool = False) -> list[Reading]:
        """What they say, in their order. The first poison ends the list: those after it were not looked at.

        `anew`: in a process that has read nothing before. `views`: with what is only shown. Transient where no process
        can be had.
        """
        if anew:
            self._end()
        found: list[Reading] = []
        while len(found) < len(mails) and not (found and isinstance(found[-1], Poison)):
            self._read_on(mails[len(found) :], found, views)
        return found

    def read_one(self, raw: bytes, *, views: bool = False) -> Message:
        """What this mail says; `views`: with what is only shown. Raises Permanent where it is refused, and Poison."""
        row = packed("", raw)
        (found,) = self.read([(row["compression"], row["data"], row["size"])], views=views)
        if isinstance(found, Message):
            return found
        raise found

    def _read_on(self, mails: Sequence[Kept], found: list[Reading], views: bool) -> None:
        """As many as one process can read."""
        try:
            for said, spent in self._asked(mails, views).answers(len(mails)):
                found.append(self._understood(said))
                if spent:
                    self._end()
                    return
        except Died as death:
            self._end()
            found.append(_poison(str(death)))

    def _asked(self, mails: Sequence[Kept], views: bool) -> Process:
        if self._process is not None:
            try:
                self._process.ask(mails, views=views)
            except Died:  # while it had nothing in hand: no mail's fault
                self._end()
            else:
                return self._process
        self._process = Process(self._limits)
        self._process.ask(mails, views=views)
        return self._process

    def _understood(self, said: object) -> Reading:
        if isinstance(said, Message):
            return said
        if isinstance(said, str):
            return Permanent(said)
        if said is not None:
            raise Died(NONSENSE)
        return _poison(f"it needed more than {self._limits.megabytes} MB of memory")

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


def open_reader(run: Run) -> Reader:
    """A reader under the policy's limits, not yet entered."""
    seconds = run.parse_seconds
    return Reader(Limits(seconds=seconds, clock_seconds=seconds * PATIENCE, megabytes=run.parse_megabytes))


def _poison(what: str) -> Poison:
    return Poison(
        f"The mail was not read: the process that read it was lost, for {what}. Its raw octets are kept; look at it "
        "in the mailbox, and if it is genuine answer it by hand, or ask the sender for a plainer one."
    )
