"""Where a first start begins, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ingest.mailbox import Cursor
from ingest.start import from_its_beginning, history_begins, is_history

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CURSOR = Cursor(folder="INBOX", uidvalidity=1, uid=0, since=NOW, history_uid=10)


def test_everything_has_no_history() -> None:
    assert history_begins("everything", NOW) is None


def test_now_is_the_moment_of_the_start_in_utc() -> None:
    assert history_begins("now", NOW.astimezone(timezone(timedelta(hours=2)))) == NOW


def test_a_date_begins_at_midnight_utc() -> None:
    assert history_begins(date(2026, 11, 3), NOW) == datetime(2026, 11, 3, tzinfo=UTC)


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        history_begins("now", NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("uid", "received_at", "left_out"),
    [
        (10, NOW - timedelta(seconds=1), True),
        (10, NOW, False),
        (11, NOW - timedelta(days=400), False),
    ],
)
def test_only_what_was_there_before_and_is_too_old_is_history(uid: int, received_at: datetime, left_out: bool) -> None:
    assert is_history(CURSOR, uid, received_at) is left_out


def test_a_folder_that_is_read_anew_gives_all_that_came_in_the_second_of_the_start() -> None:
    began = replace(CURSOR, since=NOW.replace(microsecond=500_000), uid=7, careful_uid=5)
    again = from_its_beginning(began, uidvalidity=2, history_uid=90)
    assert again == replace(CURSOR, uidvalidity=2, uid=0, since=NOW, history_uid=90)
    assert not is_history(again, 90, NOW)
    assert is_history(again, 90, NOW - timedelta(seconds=1))


def test_a_folder_without_history_that_is_read_anew_has_none() -> None:
    assert from_its_beginning(replace(CURSOR, since=None), uidvalidity=2, history_uid=90).since is None
