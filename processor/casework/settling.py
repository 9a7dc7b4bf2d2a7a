"""A case is resolved, closed, or opened again by a person."""

from __future__ import annotations

from datetime import datetime

from ingest.errors import DeskError
from processor.casework.confirming import refuse_held
from processor.casework.taking import act
from processor.store.database import Store
from processor.store.models import Status
from processor.triage.kinds import REOPENED

RESOLVED = "resolved"  # kinds of events
CLOSED = "closed"


def resolve(store: Store, reference: str, actor: str, now: datetime) -> None:
    """We think that it is done; the client may think otherwise, and his next mail opens it again."""
    with act(store, actor, now) as doing:
        case = doing.take(reference)
        if case.settled:
            raise DeskError(f"{reference} is {case.status} already.")
        refuse_held(case)
        doing.book.change(case, status=Status.RESOLVED, closed_at=now)
        doing.tell(case, RESOLVED, was=case.status.value)


def close(store: Store, reference: str, actor: str, now: datetime) -> None:
    """It is done. For `desk.reopen_days` the client's next mail opens it again, then that makes a new case."""
    with act(store, actor, now) as doing:
        case = doing.take(reference)
        if case.status is Status.CLOSED:
            raise DeskError(f"{reference} is closed already.")
        refuse_held(case)
        doing.book.change(case, status=Status.CLOSED, closed_at=now)
        doing.tell(case, CLOSED, was=case.status.value)


def reopen(store: Store, reference: str, actor: str, now: datetime) -> None:
    """There is work to do after all. No clock starts again: nobody has written."""
    with act(store, actor, now) as doing:
        case = doing.take(reference)
        if not case.settled:
            raise DeskError(f"{reference} is {case.status.value.replace('_', ' ')}: it was never settled.")
        doing.book.change(case, status=Status.OPEN, closed_at=None)
        doing.tell(case, REOPENED, was=case.status.value)
