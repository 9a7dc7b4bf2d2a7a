"""Runs the stages in one process: as a daemon, or one pass for cron."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from queue import SimpleQueue
from types import FrameType

from ingest.errors import Configuration, DeskError
from processor.policy import FolderSource, ImapSource
from processor.stages.connections import open_mailbox, open_sender
from processor.stages.deliver import deliver_batch, release_attempts
from processor.stages.desk import Desk
from processor.stages.receive import receive
from processor.stages.triage import triage_batch
from processor.store.locks import deliverer_lock, process_lock, receiver_lock
from processor.worker import Step, Worker

STAGES = ("receive", "triage", "deliver")
LOOK_SECONDS = 5.0  # triage and deliver look by themselves that often, should nobody wake them
LISTEN_SECONDS = 0.2  # a pass for cron hears a signal after so long

Progress = Callable[[str, int], None]
Asked = SimpleQueue[signal.Signals]  # a handler may put into it at any moment; an Event's lock could be held just then


def run_once(desk: Desk, only: str | None = None, progress: Progress = lambda _name, _count: None) -> None:
    """One pass of each stage, side by side. Raises the worst of what went wrong, after all have ended."""
    stop = threading.Event()
    with process_lock(desk.store, desk.now()), _listening(signal.SIGTERM, signal.SIGINT) as asked:
        workers = _workers(desk, stop, only, progress)
        threads = [worker.start(once=True) for worker in workers]
        for worker in workers:
            while not worker.finished.wait(LISTEN_SECONDS):
                if not asked.empty():
                    stop.set()
        _join(threads)
    errors = [worker.error for worker in workers if worker.error is not None]
    if errors:
        worst = Configuration if any(isinstance(error, Configuration) for error in errors) else type(errors[0])
        raise worst(" ".join(str(error) for error in errors))


def run(desk: Desk, reload: Callable[[], Desk], only: str | None = None) -> None:
    """Until SIGTERM or SIGINT, which finish the batch in hand. SIGHUP reads the policy anew."""
    with process_lock(desk.store, desk.now()), _listening(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as asked:
        while _serve(desk, asked, only) is signal.SIGHUP:
            desk = _reloaded(desk, reload)


def _serve(desk: Desk, asked: Asked, only: str | None) -> signal.Signals:
    """Work until a signal comes; returns it."""
    desk.log.info("started", policy=desk.policy.version, database=desk.store.shown, stages=only or "all")
    stop = threading.Event()
    workers = _workers(desk, stop, only, lambda _name, _count: None)
    threads = [worker.start(once=False) for worker in workers]
    heard = asked.get()
    stop.set()
    for worker in workers:
        worker.wake()
    _join(threads)
    desk.log.info("stopped")
    return heard


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
            opened = partial(_receiving, desk, source)
            made.append(worker(f"receive {source.name}", opened, idle=desk.policy.run.poll_seconds))
    if only in (None, "triage"):
        made.append(worker("triage", partial(_triaging, desk), *made, idle=LOOK_SECONDS))
    if only in (None, "deliver"):
        made.append(worker("deliver", partial(_delivering, desk), *made, idle=LOOK_SECONDS))
    return made


@contextmanager
def _receiving(desk: Desk, source: ImapSource | FolderSource) -> Iterator[Step]:
    """The secret is read here, so that one that is missing stops this mailbox alone."""
    with receiver_lock(desk.store, source.name), open_mailbox(source, desk.policy, desk.store) as mailbox:
        yield partial(receive, desk, mailbox)


@contextmanager
def _triaging(desk: Desk) -> Iterator[Step]:
    yield lambda: (triage_batch(desk),)


@contextmanager
def _delivering(desk: Desk) -> Iterator[Step]:
    with deliverer_lock(desk.store, partial(release_attempts, desk)), open_sender(desk.policy) as sender:
        yield lambda: (deliver_batch(desk, sender),)


def _join(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.join()


@contextmanager
def _listening(*numbers: signal.Signals) -> Iterator[Asked]:
    """Within the block these signals are put into the queue; in another thread than the first, nothing is changed."""
    asked: Asked = SimpleQueue()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def handler(number: int, _frame: FrameType | None) -> None:
        asked.put(signal.Signals(number))

    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield asked
    finally:
        for number, old in before.items():
            signal.signal(number, old)
