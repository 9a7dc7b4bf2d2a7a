"""Runs the stages in one process until it is told to stop."""

from __future__ import annotations

import signal
import threading
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from queue import Empty

from ingest.errors import DeskError
from processor import metrics
from processor.attending import Attendant
from processor.reminding import Reminder
from processor.reports.health import health
from processor.sd_notify import Supervisor
from processor.stages.deciding import make_ready
from processor.stages.desk import Desk
from processor.store.locks import process_lock
from processor.worker import Tally
from processor.workers import Asked, Tallies, listening, workers_of


def run(
    desk: Desk,
    reload: Callable[[], Desk],
    only: str | None = None,
    *,
    supervisor: Supervisor,
    metrics_at: metrics.Address | None = None,
) -> None:
    """Until SIGTERM or SIGINT, which finish the batch in hand. SIGHUP reads the policy anew."""
    make_ready(desk)
    tallies: Tallies = defaultdict(Tally)

    def page() -> str:
        return _page(desk, tallies)  # under the policy of that moment

    signals = listening(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    with process_lock(desk.store, desk.now()), signals as asked, metrics.serving(metrics_at, page, desk.log):
        while _serve(desk, asked, only, tallies, supervisor) is signal.SIGHUP:
            desk = _reloaded(desk, reload)


def _serve(desk: Desk, asked: Asked, only: str | None, tallies: Tallies, supervisor: Supervisor) -> signal.Signals:
    """Work until a signal comes; returns it."""
    desk.log.info("started", policy=desk.policy.version, database=desk.store.shown, stages=only or "all")
    stop = threading.Event()
    workers = workers_of(desk, stop, only, tallies)
    threads = [worker.start(once=False) for worker in workers]
    reminder = Reminder(desk)
    attendant = Attendant(workers, supervisor, desk.log, desk.policy.health.standstill_minutes * 60)
    supervisor.tell(READY="1")
    heard = attendant.until(partial(_heard, asked, reminder))
    if heard is not signal.SIGHUP:
        supervisor.tell(STOPPING="1")
    stop.set()
    for worker in workers:
        worker.wake()
    for thread in threads:
        attendant.until(partial(_ended, thread), stopping=True)
    desk.log.info("stopped")
    return heard


def _heard(asked: Asked, reminder: Reminder, seconds: float) -> signal.Signals | None:
    reminder.look()
    try:
        return asked.get(timeout=seconds)
    except Empty:
        return None


def _ended(thread: threading.Thread, seconds: float) -> bool | None:
    thread.join(seconds)
    return None if thread.is_alive() else True


def _page(desk: Desk, tallies: Tallies) -> str:
    """The metrics of this moment; where the database is away, those of this process."""
    try:
        return metrics.page(health(desk.store, desk.policy, desk.now()), dict(tallies))
    except DeskError:
        return metrics.page(None, dict(tallies))


def _reloaded(desk: Desk, reload: Callable[[], Desk]) -> Desk:
    """The desk under the new policy; under the old one where the new one has mistakes."""
    try:
        fresh = reload()
        make_ready(fresh)
    except DeskError as error:
        desk.log.error("the new policy is not used", reason=str(error))
        return desk
    return fresh
