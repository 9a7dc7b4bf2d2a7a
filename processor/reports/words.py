"""Moments, durations and statuses as the reports for people write them."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_datetime

from processor.store.models import Status
from processor.triage.clock import local

STATUSES = {
    Status.NEW: "New",
    Status.OPEN: "Open",
    Status.WAITING_INTERNAL: "Waiting internal",
    Status.WAITING_CLIENT: "Waiting client",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Closed",
}

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def moment(at: datetime, now: datetime, timezone: str) -> str:
    """The moment on the desk's clock, such as "Fri 20 Nov 14:05"; with its year where that is not this one."""
    there, here = local(at, timezone), local(now, timezone)
    pattern = "EEE d MMM HH:mm" if there.year == here.year else "d MMM y HH:mm"
    twice = there.utcoffset() != there.replace(fold=1 - there.fold).utcoffset()  # the autumn night's second 02:30
    return format_datetime(there, pattern, locale="en_GB") + (f" {there.tzname()}" if twice else "")


def duration(length: timedelta) -> str:
    """Two units at most, such as "3 h 20 min" or "5 d 2 h"; full minutes, hours or days, never rounded up."""
    if length < _HOUR:
        return f"{max(length, timedelta()) // _MINUTE} min"
    if length < 2 * _DAY:
        return _two(length // _HOUR, "h", length % _HOUR // _MINUTE, "min")
    if length < 14 * _DAY:
        return _two(length // _DAY, "d", length % _DAY // _HOUR, "h")
    return f"{length // _DAY} d"


def short_duration(length: timedelta | None) -> str:
    """At most seven characters for a narrow column, such as "45 min", "3 h 04" or "9 d"."""
    if length is None:
        return "–"
    if length < _HOUR:
        return duration(length)
    if length >= 2 * _DAY:
        return f"{length // _DAY} d"
    return f"{length // _HOUR} h {length % _HOUR // _MINUTE:02}"


def clock(at: datetime, timezone: str) -> str:
    """The time of day, such as "14:05"."""
    return f"{local(at, timezone):%H:%M}"


def counted(number: int, one: str, many: str) -> str:
    """A number and its noun: "1 case", "1,240 cases"."""
    return f"{number:,} {one if number == 1 else many}"


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit}" + (f" {small} {small_unit}" if small else "")
