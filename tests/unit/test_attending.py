"""Whoever looks after the daemon hears of it as long as every worker works, and then no more."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog

from ingest.errors import Transient
from processor.attending import Attendant
from processor.sd_notify import Supervisor
from processor.worker import Step, Work, Worker

PATIENCE = 10


class Attended:
    """Workers at work, and what their supervisor hears."""

    def __init__(self, folder: Path) -> None:
        self.stop = threading.Event()
        self.log: list[dict[str, Any]] = []
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind(str(folder / "notify"))
        self.ear.settimeout(PATIENCE)
        self.supervisor = Supervisor(address=str(folder / "notify"), every_seconds=0.01)

    def started(self, name: str, step: Step) -> Worker:
        @contextmanager
        def opened() -> Iterator[Work]:
            yield Work(step=step)

        worker = Worker(name, opened, log=self.logging(), stop=self.stop, idle_seconds=60, pauses=(60, 60))
        self.thread = worker.start(once=False)
        return worker

    def attendant(self, workers: Sequence[Worker], seconds: float = 60) -> Attendant:
        return Attendant(workers, self.supervisor, self.logging(), seconds)

    def hears(self) -> dict[str, str]:
        lines = self.ear.recv(10_000).decode().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def logging(self) -> Any:
        def keep(_logger: object, _name: str, event: Any) -> Any:
            self.log.append(dict(event))
            raise structlog.DropEvent

        return structlog.wrap_logger(None, processors=[keep], wrapper_class=structlog.make_filtering_bound_logger(0))


@pytest.fixture
def attended(tmp_path: Path) -> Iterator[Attended]:
    made = Attended(tmp_path)
    with made.ear:
        yield made
        made.stop.set()


def test_the_watchdog_is_fed_until_what_is_waited_for_comes(attended: Attended) -> None:
    worker = attended.started("triage", lambda: (0,))
    answers = iter([None, None, "now"])

    assert attended.attendant([worker]).until(lambda _seconds: next(answers)) == "now"

    heard = [attended.hears() for _ in range(3)]
    assert [one["WATCHDOG"] for one in heard] == ["1", "1", "1"]
    assert heard[0]["STATUS"] == "triage: 0"
    attended.stop.set()
    worker.wake()


def test_a_batch_that_never_ends_keeps_the_watchdog_hungry_and_is_logged_once(attended: Attended) -> None:
    let_go = threading.Event()

    def hanging() -> tuple[int, ...]:
        let_go.wait(PATIENCE)
        return (0,)

    worker = attended.started("triage", hanging)
    attendant = attended.attendant([worker], seconds=0.05)
    while not worker.stands_still(0.05):
        time.sleep(0.005)

    attendant.look()
    attendant.look()

    for heard in (attended.hears(), attended.hears()):
        assert "WATCHDOG" not in heard
        assert heard["STATUS"] == "triage: 0; triage stands still"
    assert [entry["event"] for entry in attended.log] == ["stands still"]
    assert attended.log[0]["workers"] == ["triage"]
    attended.stop.set()
    let_go.set()


def test_a_worker_that_tries_again_later_is_well_and_its_reason_is_told(attended: Attended) -> None:
    def failing() -> Iterator[int]:
        raise Transient("The server is away.")
        yield 0

    worker = attended.started("receive accounts", failing)
    while worker.tally.failures == 0 or worker.tally.busy_since is not None:
        time.sleep(0.005)

    attended.attendant([worker], seconds=0.05).look()

    heard = attended.hears()
    assert heard["WATCHDOG"] == "1"
    assert heard["STATUS"] == "receive accounts: 0; receive accounts tries again later: The server is away."


def test_a_worker_that_has_ended_is_missed_unless_all_is_to_stop(attended: Attended) -> None:
    worker = attended.started("triage", lambda: (0,))
    attended.stop.set()
    worker.wake()
    attended.thread.join(PATIENCE)
    attendant = attended.attendant([worker])

    attendant.look()
    attendant.look(stopping=True)

    assert "WATCHDOG" not in attended.hears()
    stopping = attended.hears()
    assert stopping["WATCHDOG"] == "1"
    assert stopping["STATUS"].startswith("finishing the batch in hand; ")
