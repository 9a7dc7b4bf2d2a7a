"""The real daemon as a process, and what it logs."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from support.working_desk import WorkingDesk

SECONDS = 30


@contextmanager
def running(desk: WorkingDesk, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The daemon; killed at the end where the test has not ended it."""
    with desk.start("run", *arguments) as process:
        try:
            yield process
        finally:
            process.kill()


def end(process: subprocess.Popen[str]) -> None:
    """By SIGTERM, after the batch in hand."""
    process.terminate()
    assert process.wait(SECONDS) == 0


def logged(process: subprocess.Popen[str], event: str) -> dict[str, Any]:
    """The next entry of this event."""
    assert process.stderr is not None
    for line in process.stderr:
        entry: dict[str, Any] = json.loads(line)
        if entry["event"] == event:
            return entry
    raise AssertionError(f"the daemon ended and never told of {event!r}")


def await_(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
