"""A worker does one stage's work: in order, woken by the stage before, and through failures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import structlog

from ingest.errors import Configuration, Transient
from processor import worker as worker_module
from processor.store.database import Away
from processor.store.locks import Held
from processor.worker import Step, Work, Worker

PATIENCE = 10


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def told() -> list[dict[str, Any]]:
    return []


Made = Callable[..., Worker]


@pytest.fixture
def made(stop: threading.Event, told: list[dict[str, Any]]) -> Made:
    """Makes a worker of a step."""

    def keep(_logger: object, _name: str, event: Any) -> Any:
        told.append(dict(event))
        raise structlog.DropEvent

    log = structlog.wrap_logger(None, processors=[keep], wrapper_class=structlog.make_filtering_bound_logger(0))

    def make(step: Step, *upstream: Worker, opened: Any = None, idle: float = 60, **more: Any) -> Worker:
        return Worker(
            "work",
            opened or always(step),
            log=log,
            stop=stop,
            idle_seconds=idle,
            upstream=upstream,
            **{"pauses": (0.01, 0.02)} | more,
        )

    return make


def always(step: Step) -> Callable[[], AbstractContextManager[Work]]:
    @contextmanager
    def opened() -> Iterator[Work]:
        yield Work(step=step)

    return opened


def ended(*workers: Worker) -> None:
    """Let them do what there is, once."""
    for thread in [worker.start(once=True) for worker in workers]:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.002)


def test_a_pass_goes_on_until_nothing_is_left(made: Made) -> None:
    left = [[3, 2], [1], []]
    counts: list[tuple[str, int]] = []

    ended(made(lambda: left.pop(0), progress=lambda name, count: counts.append((name, count))))

    assert left == []
    assert counts == [("work", 3), ("work", 2), ("work", 1)]


def test_a_later_stage_ends_only_when_the_one_before_has_ended_and_nothing_is_left(made: Made) -> None:
    waiting: list[int] = []
    done: list[int] = []

    def bring() -> Iterator[int]:
        if not done and not waiting:
            time.sleep(0.1)  # long after the later stage first found nothing
            waiting.append(7)
            yield 1

    def take() -> tuple[int, ...]:
        done.extend(taken := waiting[:])
        del waiting[: len(taken)]
        return (len(taken),)

    first = made(bring)
    ended(first, made(take, first))

    assert done == [7]


def test_a_stop_ends_a_pass_between_two_batches(made: Made, stop: threading.Event) -> None:
    batches: list[int] = []

    def endless() -> Iterator[int]:
        while True:
            batches.append(1)
            if len(batches) == 3:
                stop.set()
            yield 1

    ended(made(endless))

    assert len(batches) == 3


def test_a_failure_ends_a_single_pass_and_is_kept(made: Made) -> None:
    failing = made(broken(Configuration("mend the file")))
    waiting = made(lambda: (0,), failing)

    ended(failing, waiting)

    assert str(failing.error) == "mend the file"
    assert isinstance(failing.error, Configuration)
    assert waiting.error is None


def test_what_nobody_foresaw_is_told_as_a_mistake_with_its_traceback(made: Made, told: list[dict[str, Any]]) -> None:
    worker = made(broken(ZeroDivisionError("by nought")))

    ended(worker)

    assert isinstance(worker.error, Transient)
    assert "ZeroDivisionError: by nought. This is a mistake in daydesk" in str(worker.error)
    assert isinstance(told[0]["exc_info"], ZeroDivisionError)


@pytest.mark.parametrize("error", [Transient("away"), Configuration("wrong"), ZeroDivisionError("by nought")])
def test_a_daemon_opens_anew_after_any_failure_and_pauses_longer_each_time(
    made: Made, stop: threading.Event, told: list[dict[str, Any]], error: Exception
) -> None:
    openings: list[int] = []
    worked = threading.Event()

    @contextmanager
    def opened() -> Iterator[Work]:
        openings.append(1)
        if len(openings) < 4:
            raise error
        worked.set()
        yield Work(step=lambda: (0,))

    worker = made(lambda: (), opened=opened)
    thread = worker.start(once=False)
    assert worked.wait(PATIENCE)
    until(lambda: worker.error is None)
    stop.set()
    worker.wake()
    thread.join(PATIENCE)

    assert not thread.is_alive()
    assert len([entry for entry in told if entry["event"] == "try again later"]) == 3


def test_a_daemon_waits_for_another_without_a_failure_tells_it_once_and_takes_over_when_that_ends(
    made: Made, stop: threading.Event, told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "HELD_PAUSE", 0.01)
    looks: list[int] = []
    worked = threading.Event()

    @contextmanager
    def opened() -> Iterator[Work]:
        looks.append(1)
        if len(looks) < 20:
            raise Held("process 7 on desk-2 reads it" if len(looks) < 10 else "process 8 on desk-3 reads it")
        worked.set()
        yield Work(step=lambda: (0,))

    worker = made(lambda: (), opened=opened)
    thread = worker.start(once=False)
    assert worked.wait(PATIENCE)
    until(lambda: worker.error is None)
    stop.set()
    worker.wake()
    thread.join(PATIENCE)

    assert worker.tally.failures == 0
    assert [(entry["event"], entry["reason"]) for entry in told] == [
        ("waits for another", "process 7 on desk-2 reads it"),
        ("waits for another", "process 8 on desk-3 reads it"),
    ]


@pytest.mark.parametrize(("error", "longest"), [(Away("gone"), 8.0), (Transient("full"), 300.0)])
def test_a_database_that_is_away_is_looked_at_again_sooner_than_any_other_lack(
    made: Made, stop: threading.Event, monkeypatch: pytest.MonkeyPatch, error: Exception, longest: float
) -> None:
    pauses: list[float] = []

    def rest(_worker: Worker, _until: threading.Event, seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 12:
            stop.set()

    monkeypatch.setattr(Worker, "_rest", rest)
    monkeypatch.setattr(worker_module, "_jittered", lambda seconds: seconds)
    thread = made(broken(error), pauses=(1.0, 300.0)).start(once=False)
    thread.join(PATIENCE)

    assert pauses[:4] == [1.0, 2.0, 4.0, 8.0]
    assert pauses[-1] == max(pauses) == longest


def test_a_daemon_wakes_the_next_stage_after_each_batch(made: Made, stop: threading.Event) -> None:
    arrived, seen = threading.Event(), threading.Event()

    def bring() -> tuple[int, ...]:
        return (1,) if arrived.is_set() and not seen.is_set() else (0,)

    def take() -> tuple[int, ...]:
        if arrived.is_set():
            seen.set()
        return (0,)

    first = made(bring, idle=0.01)
    second = made(take, first)  # would look by itself in a minute
    threads = [first.start(once=False), second.start(once=False)]
    time.sleep(0.05)
    arrived.set()

    assert seen.wait(PATIENCE)
    stop.set()
    for worker, thread in zip((first, second), threads, strict=True):
        worker.wake()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_a_stop_is_heard_while_a_worker_is_about_to_wait(made: Made, stop: threading.Event) -> None:
    def stopped_meanwhile() -> tuple[int, ...]:
        stop.set()  # and its wake came before this pass began, so that nothing will wake it again
        return (0,)

    thread = made(stopped_meanwhile).start(once=False)
    thread.join(PATIENCE)

    assert not thread.is_alive()


def test_a_worker_counts_what_it_did(made: Made) -> None:
    left = [[3, 2], [1], []]
    worker = made(lambda: left.pop(0))

    ended(worker)

    assert (worker.tally.handled, worker.tally.passes, worker.tally.failures) == (6, 3, 0)


def test_a_worker_in_a_batch_that_never_ends_stands_still_and_one_that_waits_does_not(
    made: Made, stop: threading.Event
) -> None:
    let_go = threading.Event()

    def hanging() -> tuple[int, ...]:
        let_go.wait(PATIENCE)
        return (0,)

    hangs, waits = made(hanging), made(lambda: (0,))
    threads = [worker.start(once=False) for worker in (hangs, waits)]
    until(lambda: hangs.stands_still(0.05))
    until(lambda: waits.tally.passes == 1)
    time.sleep(0.1)

    assert not waits.stands_still(0.05)
    stop.set()
    let_go.set()
    waits.wake()
    for thread in threads:
        thread.join(PATIENCE)
    assert waits.stands_still(60)  # it has ended


def broken(error: Exception) -> Step:
    def step() -> Iterator[int]:
        raise error
        yield 0

    return step
