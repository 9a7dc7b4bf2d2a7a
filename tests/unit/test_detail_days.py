"""Days as four languages write them; the day of a payment is one near words of paying."""

from __future__ import annotations

from datetime import date

import pytest

from processor.triage.details.days import days_in, month_first
from processor.triage.details.paying import payment_days
from processor.triage.plain import read_plain

WEDNESDAY = date(2026, 11, 18)


def days(text: str, came: date = WEDNESDAY) -> list[str]:
    read = read_plain(text)
    return [day.date.isoformat() for day in days_in(read, came, american=month_first(read.text, "en"))]


def paid(text: str, language: str = "en") -> list[str]:
    return [day.date.isoformat() for day in payment_days(read_plain(text), WEDNESDAY, language)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-03", "2026-11-03"),
        ("12/11/2026", "2026-11-12"),
        ("11/13/2026", "2026-11-13"),
        ("12.11.26", "2026-11-12"),
        ("am 2.11.", "2026-11-02"),
        ("on 9/11 at noon", "2026-11-09"),
        ("4 November 2026", "2026-11-04"),
        ("3 de noviembre de 2026", "2026-11-03"),
        ("le 1er décembre", "2026-12-01"),
        ("3. März", "2026-03-03"),
        ("May 3rd, 2026", "2026-05-03"),
        ("Nov 12", "2026-11-12"),
        ("20 December", "2025-12-20"),
        ("lundi 16", "2026-11-16"),
        ("Friday the 30th", "2026-10-30"),
        ("on the 16th", "2026-11-16"),
        ("last Friday", "2026-11-13"),
        ("vendredi dernier", "2026-11-13"),
        ("am Mittwoch", "2026-11-11"),
        ("gestern", "2026-11-17"),
        ("aujourd'hui", "2026-11-18"),
        ("anteayer", "2026-11-16"),
        ("$5 on 03/04/2026", "2026-03-04"),
        ("$5 on 3/4", "2026-03-04"),
    ],
)
def test_a_day_is_read_by_the_day_on_which_the_mail_came(text: str, day: str) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2026",
        "13/13/2026",
        "32 May",
        "on Fridays we rest",
        "Friday is fine",
        "1.2.3.4.5",
        "16th floor",
        "$5, 14/15",
    ],
)
def test_what_is_no_day_is_left_alone(text: str) -> None:
    assert days(text) == []


def test_the_last_such_day_of_a_month_may_be_in_the_year_before() -> None:
    assert days("the 30th", date(2026, 1, 5)) == ["2025-12-30"]
    assert days("the 31st", date(2026, 3, 5)) == []


def test_a_day_that_either_order_makes_is_only_likely_in_american_forms() -> None:
    (day,) = days_in(read_plain("03/04/2026"), WEDNESDAY, american=True)
    assert day.certainty == "likely"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We paid invoice 90551 by BACS on 4 November 2026", ["2026-11-04"]),
        ("Unsere Überweisung vom 2. November über 2.500 EUR", ["2026-11-02"]),
        ("mon virement de 230 € fait lundi 16", ["2026-11-16"]),
        ("Ayer pagué 129,00 € con tarjeta", ["2026-11-17"]),
        ("Avis de virement du 20/11/2026", ["2026-11-20"]),
        ("ist gestern (17.11.) per Überweisung rausgegangen", ["2026-11-17"]),
        ("die CHF 310.00 vom 30. Oktober suchen wir", ["2026-10-30"]),
        ("the cheque was posted on 10 Nov", ["2026-11-10"]),
        ("paid on 3 May and paid on 4 May", ["2026-05-03", "2026-05-04"]),
    ],
)
def test_the_day_of_a_payment_is_near_words_of_paying(text: str, found: list[str]) -> None:
    assert paid(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "The hearing was on 3 November 2026",
        "the invoice of 12 November is paid",
        "It is due on 15 November. We pay later",
        "We were cut off today. The payment was made",
        "I sent the timesheet on 4 November",
        "Our meeting was on 3 May. " + "x" * 90 + " We paid",
        "payment today",
        "bezahlen Sie bitte bis 15.12.",
    ],
)
def test_the_day_of_something_else_is_no_day_of_a_payment(text: str) -> None:
    assert paid(text) == []
