"""IBANs of every country of the registry, however they are spaced, dashed or broken over lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property

from stdnum import iban, numdb

from processor.triage.bank_detail import BankDetail
from processor.triage.bank_details_reading import places_of, symbols_of

_CHECK_DIGITS = re.compile(rb"[0-9](?<=[A-Z][A-Z][0-9])(?=[0-9])")  # digits first: a text has far fewer of them
_CLASSES = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
_INTRODUCES = re.compile(rb"IBAN|ACCOUNT|KONTO|COMPTE|CUENTA|BANK|BANQUE|BANCO|RIB|EUR")
_NAMES = re.compile(rb"IBAN!{0,3}(?:NO|NR|NUMBER|NUMMER|IS|IST|EST|ES)?!{0,3}\Z")
_NAMED_BEFORE = 16  # symbols
_BEFORE = 40  # symbols in which an introducing word stands
_BEHIND = _BEFORE - len("!IBAN4321")


class _Text:
    """What a candidate is judged by: the text as written, and where its symbols stand in it."""

    def __init__(self, text: str, octets: bytes) -> None:
        self.text = text
        self._octets = octets
        self.symbols = symbols_of(octets)

    @cached_property
    def places(self) -> Sequence[int]:
        return places_of(self._octets)


def ibans(text: str, octets: bytes) -> Iterator[BankDetail]:
    """Each IBAN, from the first to the last."""
    read = _Text(text, octets)
    done = -_BEFORE
    for digit in _CHECK_DIGITS.finditer(read.symbols):
        start = digit.start() - 2
        shape = _shape(read.symbols[start : start + 2]) if start >= done else None
        match = shape.match(read.symbols, start) if shape else None
        if match is None:
            continue
        number = match[0].decode()
        # Money moves by the checksum alone, whatever rule of its own a country adds. A mistyped one is nearly as good.
        named = _NAMES.search(read.symbols, max(0, start - _NAMED_BEFORE), start)
        if not named and (not iban.is_valid(number, check_country=False) or _is_prose(read, start, done)):
            continue
        done = match.end()
        yield BankDetail(kind="iban", start=read.places[start], end=read.places[done - 1] + 1, number=number)


def _is_prose(read: _Text, start: int, done: int) -> bool:
    """Small letters that are a word of their own or the end of one, as in `no 20241234...` or `by 23 Nov 2026`.

    Every hundredth such run of symbols has a right checksum by chance. With an introducing word it is none, and an IBAN
    shortly before, up to `done`, introduces as its mark will.
    """
    first, second, digits = read.places[start : start + 3]
    if not (read.text[first].islower() or read.text[second].islower()):
        return False
    alone = second == first + 1 and digits == second + 1 and not read.text[first - 1 : first].islower()
    return (
        not alone
        and not 0 <= start - done <= _BEHIND
        and not _INTRODUCES.search(read.symbols, max(0, start - _BEFORE), start)
    )


@cache  # made for the letters that texts hold: of ninety patterns most are never asked for
def _shape(country: bytes) -> re.Pattern[bytes] | None:
    """What IBANs of this country look like; None where these two letters are no such country."""
    structure = re.findall(r"(\d+)!([nac])", numdb.get("iban").info(country.decode())[0][1].get("bban", ""))
    bban = "".join(f"{_CLASSES[kind]}{{{count}}}" for count, kind in structure)
    return re.compile(country + f"[0-9]{{2}}{bban}".encode()) if structure else None
