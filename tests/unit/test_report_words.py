"""Durations as the reports write them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from processor.reports.words import counted, duration, short_duration

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=seconds) for seconds in (1, 60, 3600, 86400))


@pytest.mark.parametrize(
    ("length", "written", "short"),
    [
        (-HOUR, "0 min", "0 min"),
        (59 * SECOND, "0 min", "0 min"),
        (HOUR - SECOND, "59 min", "59 min"),
        (HOUR, "1 h", "1 h 00"),
        (3 * HOUR + 4 * MINUTE + 59 * SECOND, "3 h 4 min", "3 h 04"),
        (2 * DAY - SECOND, "47 h 59 min", "47 h 59"),
        (2 * DAY, "2 d", "2 d"),
        (5 * DAY + 3 * HOUR - SECOND, "5 d 2 h", "5 d"),
        (14 * DAY + 5 * HOUR, "14 d", "14 d"),
    ],
)
def test_a_duration_is_written_in_full_units_and_never_rounded_up(length: timedelta, written: str, short: str) -> None:
    assert duration(length) == written
    assert short_duration(length) == short


def test_a_number_takes_its_noun() -> None:
    assert [counted(number, "case", "cases") for number in (0, 1, 1240)] == ["0 cases", "1 case", "1,240 cases"]
