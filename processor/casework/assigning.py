"""A person says whose a case is."""

from __future__ import annotations

from datetime import datetime

from ingest.errors import DeskError
from processor.casework.taking import act
from processor.store.database import Store
from processor.triage.kinds import ASSIGNED
from processor.triage.redaction import redact

LONGEST_NAME = 100  # characters


def assign(store: Store, reference: str, person: str | None, note: str, actor: str, now: datetime) -> None:
    """The case is this person's from now on, or nobody's."""
    if person is not None and (not person.strip() or not person.isprintable() or len(person) > LONGEST_NAME):
        raise DeskError(f"Name the person in one line of {LONGEST_NAME} characters at most, or say --none.")
    with act(store, actor, now) as doing:
        case = doing.take(reference)
        owner = person.strip() if person is not None else None
        if owner == case.owner:
            raise DeskError(f"{reference} is {owner or 'nobody'}'s already.")
        doing.book.change(case, owner=owner)
        doing.tell(case, ASSIGNED, owner=owner, was=case.owner, how="person", away=[], note=redact(note).text)
