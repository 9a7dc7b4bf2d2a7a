"""A promise reads well in every language, and names one moment only, also when the clocks change."""

from datetime import UTC, datetime

import pytest

from processor.outgoing.wording import promise

WINTER = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Tuesday 24 November 2026 at 14:05 (CET, UTC+01:00)"),
        ("fr", "mardi 24 novembre 2026 à 14\u00a0h\u00a005 (CET, UTC+01:00)"),
        ("de", "Dienstag, 24. November 2026, 14:05 Uhr (MEZ, UTC+01:00)"),
        ("es", "martes 24 de noviembre de 2026, 14:05\u00a0h (CET, UTC+01:00)"),
        ("it", "martedì 24 novembre 2026, 14:05 (CET, UTC+01:00)"),
    ],
)
def test_a_promise_is_written_as_its_language_writes_dates(language: str, words: str) -> None:
    assert promise(WINTER, zone="Europe/Paris", language=language) == words


@pytest.mark.parametrize("language", ["xx", "", "not a language"])
def test_a_language_that_nobody_knows_is_written_with_english_names(language: str) -> None:
    assert promise(WINTER, zone="Europe/Paris", language=language).startswith("Tuesday 24 November 2026")


def test_the_hour_before_and_after_spring_forward_are_told_apart() -> None:
    before = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    after = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert promise(before, zone="Europe/Paris", language="en") == "Sunday 29 March 2026 at 01:59 (CET, UTC+01:00)"
    assert promise(after, zone="Europe/Paris", language="en") == "Sunday 29 March 2026 at 03:00 (CEST, UTC+02:00)"


def test_the_two_half_past_two_of_an_autumn_night_are_told_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert promise(first, zone="Europe/Paris", language="de").endswith("02:30 Uhr (MESZ, UTC+02:00)")
    assert promise(second, zone="Europe/Paris", language="de").endswith("02:30 Uhr (MEZ, UTC+01:00)")


@pytest.mark.parametrize(
    ("zone", "ending"),
    [
        ("UTC", "13:05 (UTC)"),
        ("America/Sao_Paulo", "10:05 (UTC-03:00)"),
        ("Asia/Kolkata", "18:35 (IST, UTC+05:30)"),
        ("Europe/London", "13:05 (GMT, UTC+00:00)"),
    ],
)
def test_a_zone_is_shown_by_its_letters_where_it_has_some_and_by_its_offset(zone: str, ending: str) -> None:
    assert promise(WINTER, zone=zone, language="en").endswith(ending)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        promise(datetime(2026, 11, 24, 13, 5), zone="Europe/Paris", language="en")  # noqa: DTZ001 - that is the point
