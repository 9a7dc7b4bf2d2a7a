"""A text as bank details are looked for in it: one octet for each character, in plain letters and digits."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property, lru_cache

# What may stand between two symbols: blanks of every kind, line ends, marks of quoted lines and table cells, dots,
# dashes, slashes, and characters that nobody sees.
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_BETWEEN = frozenset(
    _BLANKS + ">|.:_/-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u200b\u200c\u200d\u2060\ufeff\u034f\u00b7"
)
_POINTS = frozenset(
    "(),;='\"*#~\u2018\u2019\u201c\u201d\u00ab\u00bb\u00b0\u00ba\u00aa\u2116"
)  # between words, not within a number
_REMEMBERED = 40  # characters
_GAP, _BREAK, _POINT = " ", "!", ","  # for a character between symbols, one that no number holds, one between words
_GAPS = re.compile(rb" {2,}")


def octets_of(text: str) -> bytes:
    """The text with one octet for each character, so that places in both are the same."""
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        return _FOREIGN.sub(_stand_ins_of_run, text).encode("cp1252")


def has_digits(octets: bytes, count: int) -> bool:
    """Has it so many digits, or more?"""
    return len(octets) - len(octets.translate(None, _DIGITS)) >= count


def symbols_of(octets: bytes) -> bytes:
    """The capitals and digits of such octets, without what may stand between them."""
    return octets.translate(_PLAIN, _DELETED)


def places_of(octets: bytes) -> list[int]:
    """Where in the octets each of those symbols stands."""
    return [place for place, octet in enumerate(octets) if octet not in _DELETED]


def words_of(octets: bytes) -> bytes:
    """The same as small letters without accents, digits, blanks for gaps, commas for points, and ! for all else."""
    return octets.translate(_WORDS)


class Squeezed:
    """Such words with every gap one blank long, and where in the text each octet stands."""

    def __init__(self, words: bytes) -> None:
        self._written = words
        self.words = _GAPS.sub(b" ", words)

    def place(self, at: int) -> int:
        """Where in the text the octet at `at` stands."""
        starts, left_out = self._gaps
        return at + left_out[bisect_right(starts, at) - 1]

    @cached_property
    def _gaps(self) -> tuple[list[int], list[int]]:
        """From which octets on how many were left out; most texts are never asked for it."""
        starts, left_out = [0], [0]
        for gap in _GAPS.finditer(self._written):
            starts.append(gap.start() + 1 - left_out[-1])
            left_out.append(left_out[-1] + gap.end() - gap.start() - 1)
        return starts, left_out


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


def _stand_in_of_word(character: str) -> str:
    """The small letter without accent or the 0-9 that it is; else a gap, a point or a break."""
    plain = unicodedata.normalize("NFKD", character)[0].lower()
    if character in _POINTS:
        return _POINT
    return plain if plain.isascii() and plain.isalnum() else _GAP if _stand_in(character) == _GAP else _BREAK


def _tables() -> tuple[bytes, bytes, bytes]:
    """For each octet of cp1252 the octet that stands for it; the octets of gaps, to be deleted; and those of words."""
    characters = [bytes((octet,)).decode("cp1252", "replace") for octet in range(256)]
    stand_ins = "".join(map(_stand_in, characters))
    deleted = bytes(octet for octet in range(256) if stand_ins[octet] == _GAP)
    return stand_ins.encode(), deleted, "".join(map(_stand_in_of_word, characters)).encode()


_PLAIN, _DELETED, _WORDS = _tables()
_DIGITS = bytes(octet for octet in range(256) if _PLAIN[octet] in b"0123456789")
_FOREIGN = re.compile(f"[^{re.escape(bytes(range(256)).decode('cp1252', errors='ignore'))}]+")
