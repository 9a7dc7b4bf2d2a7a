"""Reads an amount with its currency, in the forms that firms of many countries write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_LONGEST = 100  # characters; no amount is longer

_CURRENCIES = {
    "EUR": ("eur", "euro", "euros", "€"),
    "USD": ("usd", "us$", "$", "dollar", "dollars", "dólares"),
    "GBP": ("gbp", "£", "pound", "pounds", "livres", "libras"),
    "INR": ("inr", "rs", "rs.", "₹", "rupee", "rupees", "roupies", "rupien", "rupias"),
    "CHF": ("chf", "fr.", "sfr", "francs", "franken", "francos"),
}
_CODES = {word: code for code, words in _CURRENCIES.items() for word in words}
_OTHERS = frozenset(
    ("AUD", "CAD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "MAD", "TND", "JPY", "CNY", "ZAR", "BRL", "MXN")
)
_WORD = re.compile(r"us\$|rs\.|fr\.|[€$£₹]|[^\W\d_]+")
_NUMBER = re.compile(r"[0-9](?:[0-9.,'’\s]*[0-9])?")
_BLANK = re.compile(r"['’\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount, and the code of its currency (ISO 4217); None where none is written."""

    amount: Decimal
    currency: str | None


def amount_of(text: str) -> Money | None:
    """The first amount of a short text; None where there is none."""
    text = text[:_LONGEST].lower()
    number = _NUMBER.search(text)
    if number is None:
        return None
    words = _WORD.findall(text)
    known = (_CODES.get(word) or next(iter({word.upper()} & _OTHERS), None) for word in words)
    return Money(amount=_decimal(number[0]), currency=next((code for code in known if code), None))


def _decimal(written: str) -> Decimal:
    """1.234,56 and 1,234.56 and 1,20,000: the last separator is the decimal one, unless three digits follow it."""
    digits = _BLANK.sub("", written)
    place = max(digits.rfind("."), digits.rfind(","))
    if place < 0:
        return Decimal(digits)
    separator, after = digits[place], digits[place + 1 :]
    other = "," if separator == "." else "."
    thousands = digits.count(separator) > 1 or (len(after) == 3 and other not in digits)
    whole = re.sub(r"[.,]", "", digits if thousands else digits[:place])
    return Decimal(whole if thousands else f"{whole}.{after}")
