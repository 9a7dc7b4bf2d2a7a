"""The workers of a desk: one for each mailbox, one that decides, one that sends; and one pass of them all, for cron."""

from __future__ import annotations

import signal
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from queue import SimpleQueue
from types import FrameType

from ingest.bell import Bell
from ingest.errors import Configuration
from ingest.mailbox import Mailbox
from processor.policy import FolderSource, ImapSource
from processor.stages.connections import open_mailbox, open_sender
from processor.stages.deliver import deliver_batch, release_attempts
from processor.stages.desk import Desk
from processor.stages.heartbeat import heartbeat
from processor.stages.receive import receive
from processor.stages.triage import triage_batch
from processor.store.locks import Still, deliverer_lock, process_lock, receiver_lock
from processor.worker import Step, Tally, Work, Worker

LOOK_SECONDS = 5.0  # triage and deliver look by themselves that often, should nobody wake them
LISTEN_SECONDS = 0.2  # a pass for cron hears a signal after so long

Progress = Callable[[str, int], None]
Tallies = defaultdict[str, Tally]  # by worker; they outlive a new policy
Asked = SimpleQueue[signal.Signals]  # a handler may put into it at any moment; an Event's lock could be held just then


def run_once(desk: Desk, only: str | None = None, progress: Progress = lambda _name, _count: None) -> None:
    """One pass of each stage, side by side. Raises the worst of what went wrong, after all have ended."""
    stop = threading.Event()
    with process_lock(desk.store, desk.now()), listening(signal.SIGTERM, signal.SIGINT) as asked:
        workers = workers_of(desk, stop, only, defaultdict(Tally), progress)
        threads = [worker.start(once=True) for worker in workers]
        for worker in workers:
            while not worker.finished.wait(LISTEN_SECONDS):
                if not asked.empty():
                    stop.set()
        for thread in threads:
            thread.join()
    errors = [worker.error for worker in workers if worker.error is not None]
    if errors:
        worst = Configuration if any(isinstance(error, Configuration) for error in errors) else type(errors[0])
        raise worst(" ".join(str(error) for error in errors))


def workers_of(
    desk: Desk,
    stop: threading.Event,
    only: str | None,
    tallies: Tallies,
    progress: Progress = lambda _name, _count: None,
) -> list[Worker]:
    def worker(name: str, opened: Callable[[], AbstractContextManager[Work]], *before: Worker, idle: float) -> Worker:
        return Worker(
            name,
            opened,
            log=desk.log,
            stop=stop,
            idle_seconds=idle,
            upstream=before,
            progress=progress,
            tally=tallies[name],
        )

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
def _receiving(desk: Desk, source: ImapSource | FolderSource) -> Iterator[Work]:
    """The secret is read here, so that one that is missing stops this mailbox alone."""
    with (
        receiver_lock(desk.store, source.name) as still,  # first: who waits in the second row has no failure to tell of
        heartbeat(desk, f"receive {source.name}") as beating,
        open_mailbox(source, desk.policy, desk.store, desk.tokens) as mailbox,
    ):
        step = beating(_while(still, partial(receive, desk, mailbox)))
        yield Work(step=step, rest=partial(_rest_at, desk, mailbox))


def _rest_at(desk: Desk, mailbox: Mailbox, woken: Bell, seconds: float) -> None:
    """The operator hears of a server that idles badly; the next pass, at once, hears whether it does anything well."""
    if lack := mailbox.wait(woken, seconds):
        desk.log.warning("idle was of no use", mailbox=mailbox.name, reason=lack)


@contextmanager
def _triaging(desk: Desk) -> Iterator[Work]:
    with heartbeat(desk, "triage") as beating, desk.open_reader(desk.policy.run) as reader:
        yield Work(step=beating(lambda: (triage_batch(desk, reader),)))


@contextmanager
def _delivering(desk: Desk) -> Iterator[Work]:
    with (
        heartbeat(desk, "deliver") as beating,
        deliverer_lock(desk.store, partial(release_attempts, desk)) as still,
        open_sender(desk.policy, desk.tokens) as sender,
    ):
        yield Work(step=beating(_while(still, lambda: (deliver_batch(desk, sender),))))


def _while(still: Still, step: Step) -> Step:
    """The step, as long as its lock is ours: looked at before it and after each batch."""

    def stepped() -> Iterator[int]:
        still()
        for count in step():
            yield count
            still()

    return stepped


@contextmanager
def listening(*numbers: signal.Signals) -> Iterator[Asked]:
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
