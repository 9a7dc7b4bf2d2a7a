"""Which bank details stand in a text, and where."""

from __future__ import annotations

from collections.abc import Iterable

from processor.triage.bank_detail import BankDetail
from processor.triage.bank_details_iban import ibans
from processor.triage.bank_details_national import may_hold_some, national
from processor.triage.bank_details_reading import has_digits, octets_of, words_of

__all__ = ["BankDetail", "bank_details"]

_FEWEST_DIGITS = 6  # of any of them


def bank_details(text: str) -> tuple[BankDetail, ...]:
    """All of them, from the first to the last; no two share a character. Linear in the length of the text."""
    octets = octets_of(text)
    if not has_digits(octets, _FEWEST_DIGITS):
        return ()
    international = list(ibans(text, octets))
    words = words_of(octets)
    if not may_hold_some(words):
        return tuple(international)
    return _apart(len(text), international, national(text, words, bool(international)))


def _apart(length: int, international: Iterable[BankDetail], others: Iterable[BankDetail]) -> tuple[BankDetail, ...]:
    """Of those that overlap the IBAN, else the longer one."""
    taken = bytearray(length)
    kept = []
    for one in (*international, *sorted(others, key=lambda one: (one.start - one.end, one.start))):
        if taken.find(1, one.start, one.end) < 0:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))
