"""Two cases become one, or are said to have to do with each other."""

from __future__ import annotations

from datetime import datetime

from ingest.errors import DeskError
from processor.casework.confirming import refuse_held
from processor.casework.taking import Act, act
from processor.store.casebook import Held
from processor.store.database import Store
from processor.store.links import Link
from processor.store.models import Status
from processor.triage.diversion_values import higher
from processor.triage.kinds import LINKED

MERGED = "merged"  # a kind of event


def merge(store: Store, reference: str, into: str, actor: str, now: datetime) -> None:
    """The one goes into the other, for good: mails to it land on the survivor, whose story tells of both."""
    with act(store, actor, now) as doing:
        case, survivor = _two(doing, reference, into)
        refuse_held(case)
        if survivor.settled and not case.settled:
            raise DeskError(
                f"{into} is {survivor.status}, and {reference} is not: see `daydesk case reopen {into}`, "
                "or merge the other way round."
            )
        doing.book.put_into(case, survivor)
        doing.book.change(case, status=Status.CLOSED, closed_at=case.closed_at or now)
        doing.book.change(survivor, **_pressing(case, survivor))
        doing.book.link(case, survivor, Link.MERGED, actor, now)
        doing.tell(survivor, MERGED, case=reference, was=case.status.value)


def connect(store: Store, reference: str, other: str, actor: str, now: datetime) -> None:
    """They have to do with each other; nothing else changes."""
    with act(store, actor, now) as doing:
        one, another = _two(doing, reference, other)
        if doing.book.linked(one, another):
            raise DeskError(f"{reference} and {other} are linked already.")
        doing.book.link(one, another, Link.RELATED, actor, now)
        doing.tell(one, LINKED, case=other, how=Link.RELATED.value)
        doing.tell(another, LINKED, case=reference, how=Link.RELATED.value)


def _two(doing: Act, reference: str, other: str) -> tuple[Held, Held]:
    if reference == other:
        raise DeskError(f"{reference} is one case: name two.")
    return doing.take(reference), doing.take(other)


def _pressing(case: Held, survivor: Held) -> dict[str, object]:
    """What must not be forgotten: the earlier promise of two that are still to be kept, urgency, an offer."""
    values: dict[str, object] = {
        "priority": "urgent" if "urgent" in (case.priority, survivor.priority) else survivor.priority,
        "diversion": higher(case.diversion, survivor.diversion),
    }
    if survivor.held_since is None:  # what two people have confirmed of the one is so of both
        values |= {"held_since": case.held_since, "released_at": case.released_at}
    if survivor.offered_address is None:
        values |= {"offered_name": case.offered_name, "offered_address": case.offered_address}
    if not case.settled and case.first_response_at is None and survivor.first_response_at is None:
        promises = [promise for promise in (case.promise_at, survivor.promise_at) if promise is not None]
        values["promise_at"] = min(promises, default=None)
        values["internal_due_at"] = min(case.internal_due_at, survivor.internal_due_at)
    return values
