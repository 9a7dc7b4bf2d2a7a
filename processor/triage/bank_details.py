"""Which bank details stand in a text, and where."""

from __future__ import annotations

from processor.triage.bank_detail import BankDetail
from processor.triage.bank_details_iban import ibans
from processor.triage.bank_details_reading import octets_of, places_of, symbols_of

__all__ = ["BankDetail", "bank_details"]


def bank_details(text: str) -> tuple[BankDetail, ...]:
    """All of them, from the first to the last; no two share a character. Linear in the length of the text."""
    octets = octets_of(text)
    found = list(ibans(symbols_of(octets)))
    if not found:
        return ()
    places = places_of(octets)
    return tuple(
        BankDetail(kind="iban", start=places[start], end=places[start + len(number) - 1] + 1, number=number)
        for start, number in found
    )
