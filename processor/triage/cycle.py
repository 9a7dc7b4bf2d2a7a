"""The dates of the weekly round of payments that a request falls into, by the days of the desk's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from processor.policy.calendar import Calendar, Cycle
from processor.triage.answer_windows import DAYS, is_working
from processor.triage.clock import local

_FARTHEST = 366  # days; in a year without a working day nothing moves


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleDates:
    """One round: three days, each of them to its end."""

    requests_by: date
    verified: date
    credited: date


def cycle_dates(received_at: datetime, cycle: Cycle, calendar: Calendar, timezone: str) -> CycleDates:
    """The round that a request of this moment falls into. What falls on a day off moves to the next working day."""
    by = _first(cycle.requests_by, local(received_at, timezone).date())
    verified = _working(_first(cycle.verified, by + timedelta(days=1)), calendar)
    credited = _working(_first(cycle.credited, verified + timedelta(days=1)), calendar)
    return CycleDates(requests_by=by, verified=verified, credited=credited)


def _first(weekday: str, day: date) -> date:
    return day + timedelta(days=(DAYS.index(weekday) - day.weekday()) % 7)


def _working(day: date, calendar: Calendar) -> date:
    days = (day + timedelta(days=ahead) for ahead in range(_FARTHEST))
    return next((one for one in days if is_working(one, calendar)), day)
