"""Writes down when a worker did its work, and what kept it from it. Seldom: an idle pass must stay nearly free."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from ingest.errors import DeskError
from processor.outgoing.view import one_line
from processor.stages.desk import Desk
from processor.store import heartbeats
from processor.triage.redaction import redact

EVERY = timedelta(seconds=30)
ERROR_LENGTH = 500  # characters

Step = Callable[[], Iterable[int]]


@contextmanager
def heartbeat(desk: Desk, worker: str) -> Iterator[Callable[[Step], Step]]:
    """Within the block, a failure is written down at once; the step that is put into what this gives, when it works.

    That step raises Configuration where the database was upgraded meanwhile: old code must not write into new tables.
    """
    written: datetime | None = None

    def beat() -> None:
        nonlocal written
        now = desk.now()
        if written is None or abs(now - written) >= EVERY:  # whichever way the clock was put
            desk.store.require_revision()
            with desk.store.writing() as session:
                heartbeats.succeeded(session, worker, now)
            written = now

    def beating(step: Step) -> Step:
        def stepped() -> Iterator[int]:
            if written is None:
                desk.store.require_revision()
            for count in step():
                yield count
                beat()
            beat()

        return stepped

    try:
        yield beating
    except Exception as error:
        with suppress(DeskError), desk.store.writing() as session:  # the database itself may be what is lacking
            heartbeats.failed(session, worker, desk.now(), _told(error))
        raise


def _told(error: Exception) -> str:
    """Only our own errors are known to hold no words of a mail."""
    words = (
        str(error) if isinstance(error, DeskError) else f"{type(error).__name__}: a mistake in daydesk, see its log."
    )
    return redact(one_line(words, ERROR_LENGTH)).text
