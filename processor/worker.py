"""A thread that does one stage's work, again and again: until it is told to stop, or until nothing is left."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ingest.bell import Bell
from ingest.errors import DeskError, Transient
from processor.store.database import Away
from processor.store.locks import Held

if TYPE_CHECKING:
    from processor.stages.desk import Log

PAUSES = (1.0, 300.0)  # seconds after a failure: the first time, doubled each time, and the longest
LONGEST_AWAY = 8.0  # seconds, where the database is away: its return must be noticed soon
HELD_PAUSE = 10.0  # seconds, where another process does this work: it may be taken over soon after that one died
DRAINING_PAUSE = 0.05  # seconds between looks at what the stage before still brings

Step = Callable[[], Iterable[int]]  # one pass over what waits: how much was done, after each batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a worker does, and how it waits for more: until its bell rings, or for so many seconds, or less."""

    step: Step
    rest: Callable[[Bell, float], object] = Bell.wait


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a worker did since its process began. Its own thread alone writes it, any may read it."""

    passes: int = 0
    handled: int = 0
    failures: int = 0
    busy_since: float | None = None  # on the monotonic clock: when the batch in hand was begun; None while it waits


class Worker:
    """One stage in one thread.

    `opened` gives work that may be done while the context lasts (a kept connection); it is opened anew after a
    failure. `upstream` are the workers whose results this one takes.
    """

    def __init__(
        self,
        name: str,
        opened: Callable[[], AbstractContextManager[Work]],
        *,
        log: Log,
        stop: threading.Event,
        idle_seconds: float,
        pauses: tuple[float, float] = PAUSES,
        upstream: Sequence[Worker] = (),
        progress: Callable[[str, int], None] = lambda _name, _count: None,
        tally: Tally | None = None,
    ) -> None:
        self.name = name
        self.error: DeskError | None = None
        self.tally = tally or Tally()
        self.finished = threading.Event()
        self._opened = opened
        self._log = log.bind(worker=name)
        self._stop = stop
        self._idle_seconds = idle_seconds
        self._pauses = pauses
        self._upstream = upstream
        self._downstream: list[Worker] = []
        self._progress = progress
        self._wake = Bell()
        for worker in upstream:
            worker._downstream.append(self)

    def start(self, *, once: bool) -> threading.Thread:
        """Begin: `once` ends when nothing is left and the workers before have ended; else only a stop ends it."""
        thread = threading.Thread(target=self._run, args=(self._drain if once else self._serve,), name=self.name)
        thread.start()
        return thread

    def wake(self) -> None:
        """There may be work: look now."""
        self._wake.set()

    def stands_still(self, seconds: float) -> bool:
        """Its thread has ended unasked, or a single batch takes longer than this."""
        since = self.tally.busy_since
        return self.finished.is_set() or (since is not None and time.monotonic() - since > seconds)

    def _pass(self, step: Step) -> int:
        """One pass; those who wait for its results are woken after each batch. A stop ends it between two batches."""
        total = 0
        self._wake.clear()
        self.tally.busy_since = time.monotonic()
        for count in step():
            self.tally.busy_since = time.monotonic()
            self.tally.handled += count
            total += count
            if count:
                self._progress(self.name, count)
                for worker in self._downstream:
                    worker.wake()
            if self._stop.is_set():
                break
        self.tally.passes += 1
        return total

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - a thread's last words must reach the operator
            self.error = self._told(error)
        finally:
            self.tally.busy_since = None
            self.finished.set()
            for worker in self._downstream:
                worker.wake()

    def _told(self, error: Exception) -> DeskError:
        """The error itself; one that nobody foresaw is logged with its traceback."""
        if isinstance(error, DeskError):
            return error
        self._log.critical("unforeseen error", exc_info=error)
        return Transient(f"{self.name}: {type(error).__name__}: {error}. This is a mistake in daydesk: report it.")

    def _drain(self) -> None:
        """Passes until the workers before have ended and nothing is left."""
        with self._opened() as work:
            while not self._stop.is_set():
                last = all(worker.finished.is_set() for worker in self._upstream)
                if self._pass(work.step):
                    continue
                if last:
                    return
                self._rest(self._wake.wait, DRAINING_PAUSE)

    def _serve(self) -> None:
        """Passes for ever; a failure is told, and tried again after a growing pause."""
        first, longest = self._pauses
        pause = first
        while not self._stop.is_set():
            self.tally.busy_since = time.monotonic()
            try:
                with self._opened() as work:
                    while not self._stop.is_set():
                        count = self._pass(work.step)
                        pause, self.error = first, None
                        if not count and not self._stop.is_set():  # else its wake may be cleared already
                            self._rest(partial(work.rest, self._wake), self._idle_seconds)
            except Held as held:
                self._wait_for(held)
                pause = first
            except Exception as error:  # noqa: BLE001 - a worker that ended would be missed by nobody
                self.error = self._told(error)
                self.tally.failures += 1
                if isinstance(error, Away):
                    pause = min(pause, LONGEST_AWAY)
                self._log.error("try again later", reason=str(self.error), pause_seconds=round(pause))
                self._rest(self._stop.wait, _jittered(pause))
                pause = min(pause * 2, longest)

    def _wait_for(self, held: Held) -> None:
        """Another process does this work: no failure, and told once, but looked at again soon and for ever."""
        if str(held) != str(self.error):
            self._log.info("waits for another", reason=str(held))
        self.error = held
        self._rest(self._stop.wait, _jittered(HELD_PAUSE))

    def _rest(self, wait: Callable[[float], object], seconds: float) -> None:
        """A worker that waits does not stand still."""
        self.tally.busy_since = None
        wait(seconds)
        self.tally.busy_since = time.monotonic()


def _jittered(seconds: float) -> float:
    """Those who failed together need not come back together."""
    return seconds * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
