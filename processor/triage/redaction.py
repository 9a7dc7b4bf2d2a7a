"""Takes bank details out of texts that people read: IBANs now, account numbers, sort codes and the like later."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from string import ascii_uppercase

from stdnum import iban, numdb

# What may stand between two symbols: blanks of every kind, line ends, marks of quoted lines and table cells, dots,
# dashes, slashes, and characters that nobody sees.
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_BETWEEN = frozenset(
    _BLANKS + ">|.:_/-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u200b\u200c\u200d\u2060\ufeff\u034f\u00b7"
)
_REMEMBERED = 40  # characters
_GAP, _BREAK = " ", "!"  # what stands for a character between symbols, and for one that no IBAN holds

_CHECK_DIGITS = re.compile(rb"[0-9](?<=[A-Z][A-Z][0-9])(?=[0-9])")  # digits first: a text has far fewer of them
_CLASSES = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A text without bank details, and how many were taken out."""

    text: str
    found: int


def redact(text: str) -> Redacted:
    """Replace each IBAN by [IBAN ...4321], however it is spaced, dashed, broken over lines or written in other digits.

    Linear in the length of the text; what was redacted once stays as it is.
    """
    octets = _octets(text)
    found = list(_ibans(octets.translate(_PLAIN, _DELETED)))
    if not found:
        return Redacted(text=text, found=0)
    places = [place for place, octet in enumerate(octets) if octet not in _DELETED]
    kept: list[str] = []
    done = 0
    for start, number in found:
        kept += (text[done : places[start]], f"[IBAN ...{number[-4:]}]")
        done = places[start + len(number) - 1] + 1
    return Redacted(text="".join((*kept, text[done:])), found=len(found))


def _ibans(symbols: bytes) -> Iterator[tuple[int, str]]:
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


def _octets(text: str) -> bytes:
    """The text with one octet for each character, so that places in both are the same."""
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        return _FOREIGN.sub(_stand_ins_of_run, text).encode("cp1252")


def _stand_ins_of_run(run: re.Match[str]) -> str:
    """Short runs come again and again; a long one may be a whole mail, which nobody should keep."""
    if len(run[0]) <= _REMEMBERED:
        return _stand_ins(run[0])
    return run[0].translate({ord(character): _stand_in(character) for character in set(run[0])})


@lru_cache(maxsize=4096)
def _stand_ins(characters: str) -> str:
    return "".join(_stand_in(character) for character in characters)


def _stand_in(character: str) -> str:
    """The plain capital or 0-9 that it is in another script's width and style, or else a gap or a break."""
    digit = unicodedata.decimal(character, None)
    plain = unicodedata.normalize("NFKC", character).upper() if digit is None else str(digit)
    if character in _BETWEEN or plain in _BETWEEN or unicodedata.category(character) == "Cf":
        return _GAP
    return plain if len(plain) == 1 and plain.isascii() else _BREAK


def _tables() -> tuple[bytes, bytes]:
    """For each octet of cp1252 the octet that stands for it; and the octets of gaps, to be deleted."""
    stand_ins = "".join(_stand_in(bytes((octet,)).decode("cp1252", "replace")) for octet in range(256))
    return stand_ins.encode(), bytes(octet for octet in range(256) if stand_ins[octet] == _GAP)


def _shapes() -> dict[bytes, re.Pattern[bytes]]:
    """By country, what its IBANs look like."""
    found = {}
    for country in map("".join, product(ascii_uppercase, repeat=2)):
        structure = re.findall(r"(\d+)!([nac])", numdb.get("iban").info(country)[0][1].get("bban", ""))
        if structure:
            bban = "".join(f"{_CLASSES[kind]}{{{count}}}" for count, kind in structure)
            found[country.encode()] = re.compile(f"{country}[0-9]{{2}}{bban}".encode())
    return found


_PLAIN, _DELETED = _tables()
_SHAPES = _shapes()
_FOREIGN = re.compile(f"[^{re.escape(bytes(range(256)).decode('cp1252', errors='ignore'))}]+")
