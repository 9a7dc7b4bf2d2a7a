"""Windows of the day and rounds of payments keep to the desk's clocks, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from processor.policy import Policy
from processor.policy.calendar import Calendar, Cycle
from processor.triage.answer_windows import DeskHours, Window
from processor.triage.cycle import CycleDates, cycle_dates
from processor.triage.handling import Dates, dates_of, written


def policy(windows: list[str], calendar: dict[str, Any] | None = None, **more: Any) -> Policy:
    return Policy.model_validate(
        {
            "desk": {
                "name": "Desk",
                "address": "d@desk.example",
                "key": {"env": "KEY"},
                "timezone": "Europe/Paris",
            },
            "mailboxes": [{"kind": "folder", "name": "scans", "path": "scans"}],
            "smtp": {"host": "localhost"},
            "queues": {"triage": {"label": "Triage", "answer_windows": windows}, "other": {"label": "Other"}},
            "rules": [{"name": "rest", "queue": "triage"}],
            "calendar": calendar or {},
            **more,
        }
    )


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


TWICE = ["17:30-18:00", "11:30-12:00"]
EVERY_DAY = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        (utc(2026, 11, 23, 8, 0), utc(2026, 11, 23, 10, 30)),  # before the first
        (utc(2026, 11, 23, 10, 45), utc(2026, 11, 23, 10, 30)),  # in it
        (utc(2026, 11, 23, 11, 0), utc(2026, 11, 23, 16, 30)),  # at its end it is over
        (utc(2026, 11, 23, 17, 0), utc(2026, 11, 24, 10, 30)),  # after the last
        (utc(2026, 11, 20, 20, 0), utc(2026, 11, 23, 10, 30)),  # over the weekend
        (utc(2026, 12, 24, 20, 0), utc(2026, 12, 28, 10, 30)),  # over Christmas, a Friday
        (utc(2027, 6, 1, 9, 45), utc(2027, 6, 1, 9, 30)),  # in summer the clocks are two hours ahead
    ],
)
def test_a_mail_is_answered_in_the_window_that_is_open_or_else_in_the_next_one(
    moment: datetime, begins: datetime
) -> None:
    hours = DeskHours(policy(TWICE, {"holidays": ["2026-12-25"]}))
    assert hours.next_window(moment, "triage") == Window(begins=begins, ends=begins + timedelta(minutes=30))
    assert hours.inside(moment, "triage") == (begins <= moment)


def test_a_queue_without_windows_has_the_desk_s_and_without_any_there_is_none() -> None:
    moment = utc(2026, 11, 23, 8, 15)
    assert DeskHours(policy(TWICE)).next_window(moment, "other") is None
    assert DeskHours(policy(TWICE)).inside(moment, "other")  # it is a working day
    assert not DeskHours(policy(TWICE)).inside(moment + timedelta(days=5), "other")
    hours = DeskHours(policy(TWICE, {"answer_windows": ["09:00-24:00"]}))
    assert hours.next_window(moment, "other") == Window(begins=utc(2026, 11, 23, 8), ends=utc(2026, 11, 23, 23))


def test_where_nobody_ever_works_there_is_no_window() -> None:
    days = [date(2026, 11, 23) + timedelta(days=7 * week) for week in range(60)]
    hours = DeskHours(policy(TWICE, {"working_days": ["monday"], "holidays": days}))
    assert hours.next_window(utc(2026, 11, 23, 8), "triage") is None


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        ((2027, 3, 28), utc(2027, 3, 28, 0, 30), utc(2027, 3, 28, 1, 30)),  # 02:30 is not there that night
        ((2026, 10, 25), utc(2026, 10, 24, 23, 30), utc(2026, 10, 25, 0, 30)),  # 02:30 is there twice: the first
    ],
)
def test_a_window_at_the_hour_that_the_clocks_skip_or_repeat_is_still_one_window(
    day: tuple[int, int, int], begins: datetime, ends: datetime
) -> None:
    hours = DeskHours(policy(["01:30-02:30"], {"working_days": EVERY_DAY}))
    assert hours.next_window(begins, "triage") == Window(begins=begins, ends=ends)
    assert hours.inside(ends - timedelta(seconds=1), "triage")
    assert not hours.inside(ends, "triage")
    assert hours.day(begins) == date(*day)


WEEKLY = Cycle(requests_by="wednesday", verified="friday", credited="tuesday")


@pytest.mark.parametrize(
    ("received", "by", "verified", "credited"),
    [
        (utc(2026, 11, 23, 9), (11, 25), (11, 27), (12, 1)),  # a Monday
        (utc(2026, 11, 25, 22, 59), (11, 25), (11, 27), (12, 1)),  # Wednesday, 23:59 in Paris
        (utc(2026, 11, 25, 23, 0), (12, 2), (12, 4), (12, 8)),  # Thursday there: the next round
        (utc(2026, 12, 21, 9), (12, 23), (12, 28), (12, 29)),  # Friday is Christmas: verified on Monday
    ],
)
def test_a_request_shows_the_dates_of_its_round(
    received: datetime, by: tuple[int, int], verified: tuple[int, int], credited: tuple[int, int]
) -> None:
    calendar = Calendar(holidays=(date(2026, 12, 25),))
    assert cycle_dates(received, WEEKLY, calendar, "Europe/Paris") == CycleDates(
        requests_by=date(2026, *by), verified=date(2026, *verified), credited=date(2026, *credited)
    )


def test_in_a_year_of_holidays_nothing_moves() -> None:
    calendar = Calendar(holidays=tuple(date(2026, 11, 23) + timedelta(days=ahead) for ahead in range(400)))
    dates = cycle_dates(utc(2026, 11, 23, 9), WEEKLY, calendar, "UTC")
    assert (dates.verified, dates.credited) == (date(2026, 11, 27), date(2026, 12, 1))


def test_dates_are_written_as_moments_and_days() -> None:
    made = policy(TWICE, request_types={"pay": {"label": {"en": "Pay"}, "queue": "triage", "cycle": WEEKLY}})
    moment = utc(2026, 11, 23, 8)
    assert written(dates_of("triage", "pay", made, DeskHours(made), moment)) == {
        "window": ["2026-11-23T10:30:00+00:00", "2026-11-23T11:00:00+00:00"],
        "cycle": {"requests_by": "2026-11-25", "verified": "2026-11-27", "credited": "2026-12-01"},
    }
    assert written(Dates()) == {"window": None, "cycle": None}
    assert dates_of("gone", "gone", made, DeskHours(made), moment) == Dates()
