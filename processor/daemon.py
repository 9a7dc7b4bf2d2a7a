"""Runs the stages in one process: as a daemon, or one pass for cron."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from types import FrameType

from ingest.errors import Configuration, DeskError
from ingest.mailbox import Mailbox
from processor.outgoing.smtp import Sender
from processor.stages.connections import open_mailbox, open_sender
from processor.stages.deliver import deliver_batch, release_attempts
from processor.stages.desk import Desk
from processor.stages.receive import receive
from processor.stages.triage import triage_batch
from processor.store.locks import process_lock, receiver_lock
from processor.worker import Step, Worker

STAGES = ("receive", "triage", "deliver")
LOOK_SECONDS = 5.0  # triage and deliver look by themselves that often, should nobody wake them

Progress = Callable[[str, int], None]


def run_once(desk: Desk, only: str | None = None, progress: Progress = lambda _name, _count: None) -> None:
    """One pass of each stage, side by side. Raises the worst of what went wrong, after all have ended."""
    stop = threading.Event()
    with process_lock(desk.store, desk.now()), _signals({signal.SIGTERM: stop.set, signal.SIGINT: stop.set}):
        workers = _workers(desk, stop, only, progress)
        _wait(workers, [worker.start(once=True) for worker in workers])
    errors = [worker.error for worker in workers if worker.error is not None]
    if errors:
        worst = Configuration if any(isinstance(error, Configuration) for error in errors) else type(errors[0])
        raise worst(" ".join(str(error) for error in errors))


def run(desk: Desk, reload: Callable[[], Desk], only: str | None = None) -> None:
    """Until SIGTERM or SIGINT, which finish the batch in hand. SIGHUP reads the policy anew."""
    again = threading.Event()
    over = threading.Event()
    with process_lock(desk.store, desk.now()):
        while not over.is_set():
            stop = threading.Event()
            end = _all(over.set, stop.set)
            with _signals({signal.SIGTERM: end, signal.SIGINT: end, signal.SIGHUP: _all(again.set, stop.set)}):
                _serve(desk, stop, only)
            if again.is_set():
                again.clear()
                desk = _reloaded(desk, reload)


def _serve(desk: Desk, stop: threading.Event, only: str | None) -> None:
    desk.log.info("started", policy=desk.policy.version, database=desk.store.shown, stages=only or "all")
    workers = _workers(desk, stop, only, lambda _name, _count: None)
    threads = [worker.start(once=False) for worker in workers]
    stop.wait()
    for worker in workers:
        worker.wake()
    _wait(workers, threads)
    desk.log.info("stopped")


def _reloaded(desk: Desk, reload: Callable[[], Desk]) -> Desk:
    """The desk under the new policy; under the old one where the new one has mistakes."""
    try:
        return reload()
    except DeskError as error:
        desk.log.error("the new policy is not used", reason=str(error))
        return desk


def _workers(desk: Desk, stop: threading.Event, only: str | None, progress: Progress) -> list[Worker]:
    def worker(name: str, opened: Callable[[], AbstractContextManager[Step]], *before: Worker, idle: float) -> Worker:
        return Worker(name, opened, log=desk.log, stop=stop, idle_seconds=idle, upstream=before, progress=progress)

    made: list[Worker] = []
    if only in (None, "receive"):
        for source in desk.policy.mailboxes:
            opened = partial(_receiving, desk, open_mailbox(source, desk.policy, desk.store))
            made.append(worker(f"receive {source.name}", opened, idle=desk.policy.run.poll_seconds))
    if only in (None, "triage"):
        made.append(worker("triage", partial(_triaging, desk), *made, idle=LOOK_SECONDS))
    if only in (None, "deliver"):
        made.append(worker("deliver", partial(_delivering, desk, open_sender(desk.policy)), *made, idle=LOOK_SECONDS))
    return made


@contextmanager
def _receiving(desk: Desk, mailbox: Mailbox) -> Iterator[Step]:
    with receiver_lock(desk.store, mailbox.name), mailbox:
        yield partial(receive, desk, mailbox)


@contextmanager
def _triaging(desk: Desk) -> Iterator[Step]:
    yield lambda: (triage_batch(desk),)


@contextmanager
def _delivering(desk: Desk, sender: Sender) -> Iterator[Step]:
    release_attempts(desk)
    with sender:
        yield lambda: (deliver_batch(desk, sender),)


def _wait(workers: Sequence[Worker], threads: Sequence[threading.Thread]) -> None:
    """Join with time-outs, since a thread that waits without one hears no signal."""
    for worker, thread in zip(workers, threads, strict=True):
        while not worker.finished.wait(0.5):
            pass
        thread.join()


def _all(*acts: Callable[[], None]) -> Callable[[], None]:
    def act() -> None:
        for one in acts:
            one()

    return act


@contextmanager
def _signals(acts: dict[signal.Signals, Callable[[], None]]) -> Iterator[None]:
    """These signals do these things within the block; in another thread than the first, nothing is changed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handler(number: int, _frame: FrameType | None) -> None:
        acts[signal.Signals(number)]()

    before = {number: signal.signal(number, handler) for number in acts}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
