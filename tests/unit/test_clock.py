"""The promise is in real hours, and a day is the desk's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from support.triage import RECEIVED, a_policy

from processor.triage.clock import breached, due_today, local, promise

PARIS = ZoneInfo("Europe/Paris")
NAIVE = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - what must be refused


def test_the_promise_is_twenty_four_hours_after_receipt() -> None:
    assert promise(RECEIVED, a_policy()) == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def test_the_policy_says_how_many_hours() -> None:
    assert promise(RECEIVED, a_policy({"promise_hours": 48})) - RECEIVED == timedelta(hours=48)


@pytest.mark.parametrize(
    ("received", "shown"),
    [
        (datetime(2026, 3, 28, 12, 0, tzinfo=PARIS), "2026-03-29 13:00 +0200"),  # the clocks go forward that night
        (datetime(2026, 10, 24, 12, 0, tzinfo=PARIS), "2026-10-25 11:00 +0100"),  # and back that night
    ],
)
def test_a_change_of_the_clocks_neither_adds_nor_takes_an_hour(received: datetime, shown: str) -> None:
    due = promise(received, a_policy())
    assert due.tzinfo is UTC
    assert due - received.astimezone(UTC) == timedelta(hours=24)
    assert f"{local(due, 'Europe/Paris'):%Y-%m-%d %H:%M %z}" == shown


def test_the_very_moment_is_still_in_time() -> None:
    due = promise(RECEIVED, a_policy())
    assert not breached(due, due)
    assert not breached(due, due.astimezone(timezone(timedelta(hours=9))))
    assert breached(due, due + timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-02T22:59:59+00:00", False),  # 23:59:59 of the day before, in Paris
        ("2026-03-02T23:00:00+00:00", True),
        ("2026-03-03T09:00:00+00:00", True),
        ("2026-03-03T09:00:01+00:00", False),  # breached
    ],
)
def test_due_today_means_the_desks_own_day(now: str, expected: bool) -> None:
    due = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    assert due_today(due, datetime.fromisoformat(now), "Europe/Paris") is expected


def test_a_day_in_another_zone_is_another_day() -> None:
    due, now = datetime(2026, 3, 3, 0, 30, tzinfo=UTC), datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert due_today(due, now, "Europe/Paris")
    assert not due_today(due, now, "UTC")


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        promise(NAIVE, a_policy())
    with pytest.raises(ValueError, match="no time zone"):
        breached(RECEIVED, NAIVE)
    with pytest.raises(ValueError, match="no time zone"):
        local(NAIVE, "UTC")
