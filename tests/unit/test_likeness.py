"""A value is the same however it is written, and another one is not."""

from __future__ import annotations

import pytest
from support.asked import asked
from support.judging import judged
from support.likeness import alike

SAME = [
    ("amount", "£1,482.60", "1,482.60 GBP"),
    ("amount", "1 482,60 €", "1 482,60 EUR"),
    ("amount", "1.482,60 euros", "1 482,60 EUR"),
    ("amount", "Rs. 1,20,000", "1,20,000 INR"),
    ("amount", "89", "89.00 GBP"),
    ("amount", "CHF 1'180.00", "1.180,00 CHF"),
    ("payment-date", "3 November", "2026-11-03"),
    ("payment-date", "3. Nov. 2026", "2026-11-03"),
    ("payment-date", "10/29/2026", "2026-10-29"),
    ("payment-date", "05.11.", "2026-11-05"),
    ("payment-method", "Überweisung", "transfer"),
    ("payment-method", "chèque", "cheque"),
    ("name", "Mme Josette Marchal", "Josette Marchal"),
    ("company-name", "Tidewater Lets Limited, Ltd", "Tidewater Lets Ltd"),
    ("tax-id", "FR 59 995866068", "FR59995866068"),
    ("invoice-number", "inv 60417", "INV-60417"),
]
OTHER = [
    ("amount", "£148.26", "1,482.60 GBP"),
    ("amount", "1,482.60 EUR", "1,482.60 GBP"),
    ("payment-date", "4 November", "2026-11-03"),
    ("payment-date", "3 November 2025", "2026-11-03"),
    ("payment-date", "3 October", "2026-11-03"),
    ("payment-method", "by card", "transfer"),
    ("name", "Accounts Payable", "Josette Marchal"),
    ("company-name", "Lets", "Tidewater Lets Ltd"),
    ("invoice-number", "60417", "INV-60417"),
]


@pytest.mark.parametrize(("kind", "found", "wanted"), SAME)
def test_one_value_in_two_writings_is_the_same(kind: str, found: str, wanted: str) -> None:
    assert alike(kind, found, wanted)


@pytest.mark.parametrize(("kind", "found", "wanted"), OTHER)
def test_another_value_is_not_taken_for_it(kind: str, found: str, wanted: str) -> None:
    assert not alike(kind, found, wanted)


def test_what_a_label_states_is_found_whole_and_right_by_itself() -> None:
    for one in asked():
        mine = [(kind, value) for kind, values in one.details.items() for value in values]
        assert judged(one, mine).wrong == judged(one, mine).missed == (), one.name


def test_nothing_found_is_all_missed_and_nothing_wrong() -> None:
    one = next(one for one in asked() if len(one.details) > 3)
    result = judged(one, ())
    assert (result.found, result.wrong) == (0, ())
    assert len(result.missed) == result.stated > 3


def test_a_value_that_no_label_states_is_wrong() -> None:
    assert judged(asked()[0], [("invoice-number", "no such thing")]).wrong == (("invoice-number", "no such thing"),)
