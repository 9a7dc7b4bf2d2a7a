"""A case goes to another queue, or is another kind of request than was thought: the desk learns from it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from ingest.errors import DeskError
from processor.casework.confirming import refuse_held
from processor.casework.taking import act
from processor.policy import Policy
from processor.store.casebook import Book, Held
from processor.store.database import Store
from processor.triage.details import FoundDetail, missing
from processor.triage.kinds import MOVED
from processor.triage.redaction import redact


def move(
    store: Store,
    reference: str,
    queue: str,
    policy: Policy,
    actor: str,
    now: datetime,
    *,
    request_type: str | None = None,
    note: str = "",
) -> None:
    """It is worked in this queue from now on. With a request type what the case lacks is what that one needs.

    The promise stays; the internal target is the new queue's, counted from when the client wrote.
    """
    _require(queue, policy.queues, "queue")
    if request_type is not None:
        _require(request_type, policy.request_types, "request type")
    with act(store, actor, now) as doing:
        case = doing.take(reference)
        kind = request_type or case.request_type
        if (queue, kind) == (case.queue, case.request_type):
            raise DeskError(f"{reference} is in queue {queue} as {kind or 'no known request type'} already.")
        if policy.diversion.queue not in (None, queue):  # it waits there until two people have confirmed
            refuse_held(case)
        target = timedelta(hours=policy.queues[queue].internal_target_hours)
        due = (case.reopened_at or case.received_at) + target
        doing.book.change(case, queue=queue, request_type=kind, internal_due_at=due)
        if kind != case.request_type:
            note_missing(doing.book, case, policy, kind or "")
        told = {"queue": queue, "was": case.queue, "request_type": kind, "request_type_was": case.request_type}
        doing.tell(case, MOVED, **told, note=redact(note).text)


def note_missing(book: Book, case: Held, policy: Policy, kind: str) -> None:
    """What this kind of request needs beside what is found is missing now, and nothing else is."""
    values = book.found(case).items()
    found = [FoundDetail(name=name, value=value, evidence="text") for name, each in values for value in each]
    book.lack(case, missing(policy.request_types[kind], found))


def _require(name: str, known: Collection[str], what: str) -> None:
    if name not in known:
        raise DeskError(f"There is no {what} {name!r} in the policy: there are {', '.join(sorted(known)) or 'none'}.")
