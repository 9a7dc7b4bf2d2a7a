"""IBANs of every country of the registry, however they are spaced, dashed or broken over lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from string import ascii_uppercase

from stdnum import iban, numdb

_CHECK_DIGITS = re.compile(rb"[0-9](?<=[A-Z][A-Z][0-9])(?=[0-9])")  # digits first: a text has far fewer of them
_CLASSES = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}


def ibans(symbols: bytes) -> Iterator[tuple[int, str]]:
    """Where each IBAN begins in a text without gaps, and the IBAN."""
    done = 0
    for digit in _CHECK_DIGITS.finditer(symbols):
        start = digit.start() - 2
        shape = _SHAPES.get(symbols[start : start + 2]) if start >= done else None
        match = shape.match(symbols, start) if shape else None
        # Money moves by the checksum alone, whatever rule of its own a country adds.
        if match is not None and iban.is_valid(number := match[0].decode(), check_country=False):
            done = match.end()
            yield start, number


def _shapes() -> dict[bytes, re.Pattern[bytes]]:
    """By country, what its IBANs look like."""
    found = {}
    for country in map("".join, product(ascii_uppercase, repeat=2)):
        structure = re.findall(r"(\d+)!([nac])", numdb.get("iban").info(country)[0][1].get("bban", ""))
        if structure:
            bban = "".join(f"{_CLASSES[kind]}{{{count}}}" for count, kind in structure)
            found[country.encode()] = re.compile(f"{country}[0-9]{{2}}{bban}".encode())
    return found


_SHAPES = _shapes()
