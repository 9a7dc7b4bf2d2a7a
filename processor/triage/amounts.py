"""Amounts of money with their currency, as four languages write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from processor.triage.plain import Plain, read_plain

MOST_AMOUNTS = 200  # of one text

_SIGNS = {
    "eur": "EUR", "euro": "EUR", "euros": "EUR", "€": "EUR",
    "gbp": "GBP", "£": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "livres": "GBP", "libras": "GBP",
    "usd": "USD", "$": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "dolares": "USD",
    "chf": "CHF", "sfr": "CHF", "fr": "CHF", "franken": "CHF",
    "inr": "INR", "rs": "INR", "₹": "INR", "rupees": "INR",
    "jpy": "JPY", "¥": "JPY", "yen": "JPY",
    "cad": "CAD", "ca$": "CAD", "c$": "CAD", "aud": "AUD", "a$": "AUD", "nzd": "NZD", "aed": "AED", "pln": "PLN",
    "zl": "PLN", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "czk": "CZK", "huf": "HUF", "ron": "RON", "bgn": "BGN",
    "try": "TRY", "zar": "ZAR", "mad": "MAD", "tnd": "TND", "dzd": "DZD", "xof": "XOF", "fcfa": "XOF", "f cfa": "XOF",
    "xaf": "XAF", "mxn": "MXN", "cop": "COP", "clp": "CLP", "ars": "ARS", "pen": "PEN", "brl": "BRL", "r$": "BRL",
    "sgd": "SGD", "hkd": "HKD", "cny": "CNY",
}  # fmt: skip
_BEFORE = (
    r"(?:us|ca|[acr])?\$|[€£₹¥]"
    r"|(?<![a-z0-9])(?:eur|gbp|usd|chf|sfr\.?|fr\.|inr|rs\.?|jpy|cad|aud|nzd|aed|pln|sek|nok|dkk|czk|huf|ron|bgn|try"
    r"|zar"
    r"|mad|tnd|dzd|xof|fcfa|xaf|mxn|cop|clp|ars|pen|brl|sgd|hkd|cny)"
)
_AFTER = (
    r"[€£₹¥]|(?:us|ca|[acr])?\$"
    r"|(?:eur|euros?|gbp|pounds?|quid|livres|libras|usd|dollars?|dolares|chf|sfr|franken|inr|rs|rupees|jpy|yen|cad|aud"
    r"|nzd|aed|pln|zl|sek|nok|dkk|czk|huf|ron|bgn|try|zar|mad|tnd|dzd|xof|f ?cfa|xaf|mxn|cop|clp|ars|pen|brl|sgd|hkd"
    r"|cny)(?![a-z0-9])"
)
# Thousands in groups of three, or as India writes them; blanks, points, commas and apostrophes part them.
_NUMBER = (
    r"(?:[0-9]{1,3}(?:[ .,'][0-9]{2,3}){0,5}[ .,'][0-9]{3}|[0-9]{1,12})(?:[.,][0-9]{1,2}(?![0-9]))?(?:[.,]-{1,2})?"
)
_AMOUNT = re.compile(rf"(?<![0-9a-z.,/#-])(?P<number>{_NUMBER}) ?(?P<sign>{_AFTER})|(?P<alone>{_NUMBER})(?![0-9])")
_SIGN_BEFORE = re.compile(rf"(?P<sign>{_BEFORE}) {{0,12}}$")
_LAST_OF_SIGNS = frozenset("$€£₹¥.abcdefghijklmnopqrstuvwxyz")
_SIGN_LENGTH = 16  # characters, with the blanks behind
_HUNDREDTHS = re.compile(r"[.,][0-9]{1,2}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount in a currency (ISO 4217)."""

    value: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.value} {self.currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An amount that stands in a text from `start` to `end`."""

    start: int
    end: int
    money: Money


def amount_of(text: str) -> Money | None:
    """The first amount in the text, such as that of a value that was found; None where it tells no currency."""
    return next((amount.money for amount in amounts_in(read_plain(text))), None)


def amounts_in(read: Plain) -> Iterator[Amount]:
    """Every amount that names its currency. Linear in the length of the text."""
    done = 0
    found = (amount for at in read.figures if at >= done and (amount := _amount(read.text, at, done)))
    for amount in islice(found, MOST_AMOUNTS):
        done = amount.end
        yield amount


def _amount(text: str, at: int, done: int) -> Amount | None:
    """The amount whose number begins here; what stands before `done` belongs to another."""
    sign = text[max(done, at - _SIGN_LENGTH) : at].rstrip(" ")[-1:]
    before = _SIGN_BEFORE.search(text[max(done, at - _SIGN_LENGTH) : at]) if sign in _LAST_OF_SIGNS else None
    match = _AMOUNT.match(text, at)
    if match is None:
        return None
    if before is not None and (number := match["alone"] or match["number"]):
        if before["sign"] == "$" and match["sign"] and match["sign"].isalpha():
            # "$8,450.00 MXN": the letters say whose dollars or pesos.
            return Amount(start=at, end=match.end(), money=_money(number, match["sign"]))
        end = match.end("alone") if match["alone"] else match.end("number")
        start = at - len(before[0])
        return Amount(start=start, end=end, money=_money(number, before["sign"]))
    return Amount(start=at, end=match.end(), money=_money(match["number"], match["sign"])) if match["number"] else None


def _money(number: str, sign: str) -> Money:
    return Money(value=_value(number), currency=_SIGNS[sign.rstrip(".")])


def _value(number: str) -> Decimal:
    """With hundredths always, so that the same amount is the same text."""
    number = number.rstrip("-").rstrip(".,")
    part = _HUNDREDTHS.search(number)
    whole = "".join(filter(str.isdigit, number[: part.start()] if part else number))
    return Decimal(f"{whole}.{part[0][1:].ljust(2, '0') if part else '00'}")
