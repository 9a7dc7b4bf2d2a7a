"""The daemon in a process of its own, which may be stopped, continued and killed; and what it logs."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from support.nursery import born
from support.working_desk import WorkingDesk

SECONDS = 40


class Colleague:
    """A `daydesk run` of this desk."""

    def __init__(self, process: BaseProcess, log: Path) -> None:
        self.process = process
        self._log = log

    def log(self) -> str:
        """All that it wrote."""
        return self._log.read_text()

    @property
    def name(self) -> str:
        """How its connections and locks name it, as a pattern of SQL."""
        return f"daydesk process {self.process.pid} on %"

    def stop(self) -> None:
        """Between two instructions, as a frozen virtual machine does it."""
        os.kill(self.process.pid or 0, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.process.pid or 0, signal.SIGCONT)

    def told(self) -> list[dict[str, Any]]:
        """All that it logged, as far as it was written whole."""
        lines = self.log().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def tells(self, event: str, *words: str) -> dict[str, Any]:
        """Wait for an entry of this event, with these words in its reason."""
        found: list[dict[str, Any]] = []

        def there() -> bool:
            found[:] = [
                entry
                for entry in self.told()
                if entry["event"] == event and all(word in entry.get("reason", "") for word in words)
            ]
            return bool(found)

        await_(there, self.log)
        return found[0]


@contextmanager
def at_work(desk: WorkingDesk, *arguments: str) -> Iterator[Colleague]:
    """It has begun; at the end it is killed where the test has not ended it."""
    log = desk.folder / f"log-{time.monotonic_ns()}"
    process = born(desk.config, log, "run", *arguments)
    colleague = Colleague(process, log)
    try:
        await_(log.exists)
        colleague.tells("started")
        yield colleague
    finally:
        process.kill()
        process.join()
        process.close()


def await_(holds: Callable[[], bool], otherwise: Callable[[], str] = lambda: "") -> None:
    """Until it holds."""
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {otherwise()}"
        time.sleep(0.02)
