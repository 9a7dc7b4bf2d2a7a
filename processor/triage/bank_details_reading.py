"""A text as bank details are looked for in it: one octet for each character, in plain letters and digits."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# What may stand between two symbols: blanks of every kind, line ends, marks of quoted lines and table cells, dots,
# dashes, slashes, and characters that nobody sees.
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_BETWEEN = frozenset(
    _BLANKS + ">|.:_/-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u200b\u200c\u200d\u2060\ufeff\u034f\u00b7"
)
_REMEMBERED = 40  # characters
_GAP, _BREAK = " ", "!"  # what stands for a character between symbols, and for one that no number holds


def octets_of(text: str) -> bytes:
    """The text with one octet for each character, so that places in both are the same."""
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        return _FOREIGN.sub(_stand_ins_of_run, text).encode("cp1252")


def symbols_of(octets: bytes) -> bytes:
    """The capitals and digits of such octets, without what may stand between them."""
    return octets.translate(_PLAIN, _DELETED)


def places_of(octets: bytes) -> list[int]:
    """Where in the octets each of those symbols stands."""
    return [place for place, octet in enumerate(octets) if octet not in _DELETED]


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


_PLAIN, _DELETED = _tables()
_FOREIGN = re.compile(f"[^{re.escape(bytes(range(256)).decode('cp1252', errors='ignore'))}]+")
