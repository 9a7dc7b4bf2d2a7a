"""Looks after the workers while the daemon waits, and tells the supervisor; its silence is the sign to step in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from processor.sd_notify import Supervisor
from processor.worker import Worker

if TYPE_CHECKING:
    from processor.stages.desk import Log

REASON_LENGTH = 200  # characters of a reason, in one line of `systemctl status`

T = TypeVar("T")


class Attendant:
    """Where one of these workers stands still for so many seconds, the supervisor is no longer told of health."""

    def __init__(self, workers: Sequence[Worker], supervisor: Supervisor, log: Log, standstill_seconds: float) -> None:
        self._workers = workers
        self._supervisor = supervisor
        self._log = log
        self._standstill_seconds = standstill_seconds
        self._standing: list[str] = []

    def until(self, wait: Callable[[float], T | None], *, stopping: bool = False) -> T:
        """What `wait` (for so many seconds at most) comes back with; in between, all workers are looked after."""
        while True:
            self.look(stopping=stopping)
            if (result := wait(self._supervisor.every_seconds)) is not None:
                return result

    def look(self, *, stopping: bool = False) -> None:
        """Once. Where all is to stop, a worker that has ended is none that stands still."""
        standing = [
            worker.name
            for worker in self._workers
            if worker.stands_still(self._standstill_seconds) and not (stopping and worker.finished.is_set())
        ]
        if standing and standing != self._standing:
            self._log.error("stands still", workers=standing, seconds=round(self._standstill_seconds))
        self._standing = standing
        self._supervisor.tell(STATUS=self._status(stopping), **({} if standing else {"WATCHDOG": "1"}))

    def _status(self, stopping: bool) -> str:
        parts = ["finishing the batch in hand"] if stopping else []
        parts += [f"{worker.name}: {worker.tally.handled}" for worker in self._workers]
        parts += [f"{name} stands still" for name in self._standing]
        parts += [
            f"{worker.name} tries again later: {str(worker.error)[:REASON_LENGTH]}"
            for worker in self._workers
            if worker.error is not None
        ]
        return "; ".join(parts)
