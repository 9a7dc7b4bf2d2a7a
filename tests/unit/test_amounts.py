"""Amounts of money, in the forms of four languages and of India and Switzerland."""

from __future__ import annotations

from decimal import Decimal

import pytest

from processor.triage.amounts import MOST_AMOUNTS, amount_of, amounts_in
from processor.triage.plain import read_plain

WRITTEN = [
    ("1.234,56 EUR", "1234.56 EUR"),
    ("$1,234.56", "1234.56 USD"),
    ("15 euros HT", "15.00 EUR"),
    ("INR 1,20,000", "120000.00 INR"),
    ("Rs. 14,760", "14760.00 INR"),
    ("1 234,56 €", "1234.56 EUR"),
    ("1\u202f234,56\u00a0€", "1234.56 EUR"),
    ("CHF 1'200.-", "1200.00 CHF"),
    ("CHF 1\u2019180.00", "1180.00 CHF"),
    ("5,- EUR", "5.00 EUR"),
    ("JPY 78,000", "78000.00 JPY"),
    ("10 000 F CFA", "10000.00 XOF"),
    ("88,20€", "88.20 EUR"),
    ("1.5 USD", "1.50 USD"),
    ("Summe EUR      830,00", "830.00 EUR"),
    ("£12.50", "12.50 GBP"),
    ("am 12. November 1.250 € bezahlt", "1250.00 EUR"),
    ("K 90412 17,35 €", "17.35 EUR"),
]


@pytest.mark.parametrize(("text", "read"), WRITTEN)
def test_an_amount_is_read_with_its_currency(text: str, read: str) -> None:
    assert str(amount_of(text)) == read


@pytest.mark.parametrize(
    "text",
    ["", "20 invoices", "1,234.56", "call 07700 900641", "invoice 4711", "10 %", "EURO", "EUR 12345678901234567"],
)
def test_what_names_no_currency_is_no_amount(text: str) -> None:
    assert amount_of(text) is None


def test_two_amounts_do_not_share_a_currency() -> None:
    found = [str(amount.money) for amount in amounts_in(read_plain("45,00 EUR 60,00 und EUR 5 EUR 6"))]
    assert found == ["45.00 EUR", "5.00 EUR", "6.00 EUR"]


def test_the_same_amount_has_one_form() -> None:
    assert amount_of("5 EUR") == amount_of("€5.00")
    money = amount_of("5 EUR")
    assert money is not None
    assert money.value == Decimal(5)


def test_no_more_than_some_amounts_of_one_text_are_read() -> None:
    assert len(list(amounts_in(read_plain("5 EUR " * (MOST_AMOUNTS + 9))))) == MOST_AMOUNTS
