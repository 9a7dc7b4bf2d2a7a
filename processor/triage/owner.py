"""Whose a new case is: the known person first, then one of the people of its queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from processor.policy.routing import Queue
from processor.triage.answer_windows import DeskHours
from processor.triage.contact import KnownContact

CONTACT, OPEN_CASE = "contact", "open case"  # how; else as the queue assigns


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigning:
    """How a new case gets its owner."""

    how: str
    people: tuple[str, ...]  # who may get it, in the policy's order; those who are away left out
    away: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a person has of the work."""

    turn: int = 0  # number of the latest case of this queue that he was given; 0: none yet
    unsettled: int = 0  # cases of all queues that are his


NOTHING_YET = Share()


def assigning(
    name: str, queue: Queue, contact: KnownContact | None, hours: DeskHours, now: datetime
) -> Assigning | None:
    """Of a case that goes to this queue now; None where it is nobody's at first. `contact`: its writer, where we may
    believe that he is."""
    for person, how in _known(name, contact):
        if hours.there((person,), now):
            return Assigning(how=how, people=(person,))
    if queue.assign == "none":
        return None
    there = hours.there(queue.owners, now)
    return Assigning(
        how=queue.assign, people=there, away=tuple(person for person in queue.owners if person not in there)
    )


def choose(assigned: Assigning, shares: Mapping[str, Share]) -> str | None:
    """The owner; None where everybody is away. Of equals it is he who comes first in the policy."""
    if assigned.how == "round-robin":
        return min(assigned.people, key=lambda person: shares.get(person, NOTHING_YET).turn, default=None)
    if assigned.how == "least-loaded":
        return min(assigned.people, key=lambda person: _load(shares.get(person, NOTHING_YET)), default=None)
    return next(iter(assigned.people), None)


def _load(share: Share) -> tuple[int, int]:
    return share.unsettled, share.turn


def _known(queue: str, contact: KnownContact | None) -> list[tuple[str, str]]:
    """Who knows the writer: whoever looks after him, else the owner of his latest open case in this queue."""
    if contact is None or not contact.confirmed:
        return []
    people = [(contact.owner, CONTACT)]
    people += [(case.owner, OPEN_CASE) for case in contact.open_cases if case.queue == queue]
    return [(person, how) for person, how in people if person]
