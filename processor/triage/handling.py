"""What the queue does with a new case: whose it is, when it is answered, which round of payments it falls into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from processor.policy import Policy
from processor.triage.answer_windows import DeskHours, Window
from processor.triage.contact import KnownContact
from processor.triage.cycle import CycleDates, cycle_dates
from processor.triage.owner import Assigning, assigning


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When clients of such a case are answered and paid; for colleagues, and never a promise."""

    window: Window | None = None  # in which it is answered; None where neither queue nor desk has windows
    cycle: CycleDates | None = None  # None for a kind of request that has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What the queue does with a new case."""

    owner: Assigning | None
    dates: Dates


def handle(
    queue: str,
    request_type: str | None,
    contact: KnownContact | None,
    policy: Policy,
    hours: DeskHours,
    received_at: datetime,
    now: datetime,
) -> Handling:
    """Of a case that goes to this queue now. `contact`: its writer, where we may believe that he is."""
    return Handling(
        owner=assigning(queue, policy.queues[queue], contact, hours, now),
        dates=dates_of(queue, request_type, policy, hours, received_at),
    )


def dates_of(queue: str, request_type: str | None, policy: Policy, hours: DeskHours, since: datetime) -> Dates:
    """Of a case in this queue whose clocks started at this moment; either may be one that the policy has no more."""
    kind = policy.request_types.get(request_type or "")
    cycle = cycle_dates(since, kind.cycle, policy.calendar, policy.desk.timezone) if kind and kind.cycle else None
    return Dates(window=hours.next_window(since, queue), cycle=cycle)


def written(dates: Dates) -> dict[str, Any]:
    """As events and JSON have it: moments in UTC, days of the desk's zone."""
    window, cycle = dates.window, dates.cycle
    days = ("requests_by", "verified", "credited")
    return {
        "window": [window.begins.isoformat(), window.ends.isoformat()] if window else None,
        "cycle": {day: getattr(cycle, day).isoformat() for day in days} if cycle else None,
    }
