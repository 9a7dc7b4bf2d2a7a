"""The real daemon in a process of its own, and what it logs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from support.nursery import Forked
from support.working_desk import WorkingDesk

SECONDS = 30


@contextmanager
def running(desk: WorkingDesk, *arguments: str) -> Iterator[Forked]:
    """The daemon; killed at the end where the test has not ended it."""
    with Forked("run", *arguments, "--config", str(desk.config)) as process:
        try:
            yield process
        finally:
            process.kill()


def end(process: Forked) -> None:
    """By SIGTERM, after the batch in hand."""
    process.terminate()
    assert process.wait(SECONDS) == 0


def logged(process: Forked, event: str) -> dict[str, Any]:
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
